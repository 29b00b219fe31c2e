//! A difference whose payment is cut by a crash.

use std::fs;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::exchange::send;
use crate::program::{Program, guichet, until};

/// The answer to a payment of 666 is lost after it was made.
const CATALOGUE: &str = r#"
[[organiser]]
slug = "hekla"
name = "Hekla"

[[organiser]]
slug = "esja"
name = "Esja"

[[ticket_type]]
slug = "regular"
organiser = "hekla"
name = "Regular"
price = "5000"

[[ticket_type]]
slug = "dear"
organiser = "esja"
name = "Dear"
price = "5666"

[[event]]
slug = "home"
organiser = "hekla"
name = "Hekla – Esja"
starts = "2037-05-02T19:15:00"
price = [{ ticket_type = "regular" }]

[[event]]
slug = "away"
organiser = "esja"
name = "Esja – Hekla"
starts = "2037-06-02T19:15:00"
price = [{ ticket_type = "dear", limit = 1 }]
"#;

#[test]
fn a_crash_between_the_steps_loses_nothing() {
    // Proves that a payment link outlives a crash, and that a payment that was cut by one moves the
    // ticket after the restart: between two sellers, charged once, with books that add up.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("catalogue.toml");
    fs::write(&file, CATALOGUE).unwrap();
    let run = |arguments: &[&str]| {
        let output = guichet(arguments, &data);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let imported = run(&["catalogue", "import", file.to_str().unwrap()]);
    let number = |item: &str| -> u32 {
        let line = imported.lines().find_map(|line| line.strip_prefix(item));
        line.unwrap().trim().parse().unwrap()
    };
    let key = ["key", "create", "--name", "till", "--role", "Admin", "--permission", "ReadData"];
    let bearer = format!("Bearer {}", run(&key).lines().last().unwrap().trim());
    let post = |address: SocketAddr, operation: &str, body: &Value| {
        let headers = [("Authorization", &*bearer), ("Content-Type", "application/json")];
        let target = format!("/{operation}.json");
        send(address, "POST", &target, &headers, body.to_string().as_bytes()).json()
    };
    let card = json!({ "paymentMethod": {
        "paymentType": "Card", "pan": "4242424242424242", "expYear": "2036", "expMonth": "12",
        "cvc": "123",
    }});
    let serve = |name: &str| Program::start(name, folder.path(), &data, &["serve"]);

    let program = serve("first");
    let bought = post(
        program.address,
        "ticketOrder",
        &json!({
            "order": { "eventId": number("event home") }, "cardInfo": card,
            "orderDetails": [{
                "eventSeriesOwnerTicketType": number("ticket_type regular"), "count": 1,
            }],
        }),
    );
    let ticket = &bought["ticketAndDetails"]["eventTicket"]["ticketTokenId"];
    let moved = post(
        program.address,
        "TransferTicketToEvent",
        &json!({
            "ticketTokenId": ticket, "toEventId": number("event away"),
            "toOwnerTicketTypeId": number("ticket_type dear"), "expectedPriceDifference": 666,
        }),
    );
    let session = &moved["topup"]["sessionToken"];
    program.kill();

    let program = serve("second");
    let prove = json!({ "sessionToken": session, "cardInfo": card });
    let proof = post(program.address, "transferTicket/startTopup3DSecure", &prove);
    let paid = post(
        program.address,
        "transferTicket/payTopupWith3DSecure",
        &json!({
            "sessionToken": session, "borgunCardToken": proof["cardToken"],
            "borgunMpiToken": proof["mpiToken"],
        }),
    );
    assert_eq!(paid["code"], "PaymentPending", "{paid}");
    program.kill();

    let program = serve("third");
    let target = format!("/transferTicket/topupSession/{}.json", session.as_str().unwrap());
    until("the end of the payment", || {
        let status = send(program.address, "GET", &target, &[], b"").json()["status"].clone();
        (status == "Completed").then_some(())
    });
    let old = post(program.address, "ticketOrder/status", &json!({ "ticketTokenId": ticket }));
    assert_eq!(old["ticketStatus"], "Transferred", "{old}");
    program.terminate();
    assert!(program.wait().success());
    let log = fs::read_to_string(data.join("sandbox.log")).unwrap();
    let sales = log.lines().filter(|line| line.contains("\"operation\":\"sale\"")).count();
    assert_eq!(sales, 2, "{log}");
    assert!(run(&["check"]).ends_with("all is well\n"));
}
