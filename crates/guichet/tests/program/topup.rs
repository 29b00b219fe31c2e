//! A difference whose payment is cut by a crash.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

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

/// An installation with two clubs, its programs and somebody at its office.
struct Office {
    folder: TempDir,
    bearer: String,
    imported: String,
}

impl Office {
    fn open() -> Office {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catalogue.toml");
        fs::write(&file, CATALOGUE).unwrap();
        let mut office = Office { folder, bearer: String::new(), imported: String::new() };
        office.imported = office.run(&["catalogue", "import", file.to_str().unwrap()]);
        let key = ["key", "create", "--name", "till", "--role", "Admin"];
        let key = office.run(&[&key[..], &["--permission", "ReadData"]].concat());
        office.bearer = format!("Bearer {}", key.lines().last().unwrap().trim());
        office
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = guichet(arguments, &self.data());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn serve(&self, name: &str) -> Program {
        Program::start(name, self.folder.path(), &self.data(), &["serve"])
    }

    fn number(&self, item: &str) -> u32 {
        let line = self.imported.lines().find_map(|line| line.strip_prefix(item));
        line.unwrap().trim().parse().unwrap()
    }

    fn post(&self, program: &Program, operation: &str, body: &Value) -> Value {
        let headers = [("Authorization", &*self.bearer), ("Content-Type", "application/json")];
        let (target, body) = (format!("/{operation}.json"), body.to_string());
        send(program.address, "POST", &target, &headers, body.as_bytes()).json()
    }

    /// Buys a ticket and moves it up by 666; answers with its handle and the session's.
    fn wait_for_topup(&self, program: &Program) -> (Value, Value) {
        let kind = self.number("ticket_type regular");
        let bought = self.post(
            program,
            "ticketOrder",
            &json!({
                "order": { "eventId": self.number("event home") }, "cardInfo": card(),
                "orderDetails": [{ "eventSeriesOwnerTicketType": kind, "count": 1 }],
            }),
        );
        let ticket = bought["ticketAndDetails"]["eventTicket"]["ticketTokenId"].clone();
        let moved = self.post(program, "TransferTicketToEvent", &json!({
            "ticketTokenId": ticket, "toEventId": self.number("event away"),
            "toOwnerTicketTypeId": self.number("ticket_type dear"), "expectedPriceDifference": 666,
        }));
        (ticket, moved["topup"]["sessionToken"].clone())
    }

    /// Pays; the answer of the gateway is lost.
    fn pay(&self, program: &Program, session: &Value) -> Value {
        let prove = json!({ "sessionToken": session, "cardInfo": card() });
        let proof = self.post(program, "transferTicket/startTopup3DSecure", &prove);
        self.post(
            program,
            "transferTicket/payTopupWith3DSecure",
            &json!({
                "sessionToken": session, "borgunCardToken": proof["cardToken"],
                "borgunMpiToken": proof["mpiToken"],
            }),
        )
    }
}

fn card() -> Value {
    json!({ "paymentMethod": {
        "paymentType": "Card", "pan": "4242424242424242", "expYear": "2036", "expMonth": "12",
        "cvc": "123",
    }})
}

#[test]
fn a_crash_between_the_steps_loses_nothing() {
    // Proves that a payment link outlives a crash, and that a payment that was cut by one moves the
    // ticket after the restart: between two sellers, charged once, with books that add up.
    let office = Office::open();
    let program = office.serve("first");
    let (ticket, session) = office.wait_for_topup(&program);
    program.kill();
    let program = office.serve("second");
    let paid = office.pay(&program, &session);
    assert_eq!(paid["code"], "PaymentPending", "{paid}");
    program.kill();
    let program = office.serve("third");
    let target = format!("/transferTicket/topupSession/{}.json", session.as_str().unwrap());
    until("the end of the payment", || {
        let status = send(program.address, "GET", &target, &[], b"").json()["status"].clone();
        (status == "Completed").then_some(())
    });
    let old = office.post(&program, "ticketOrder/status", &json!({ "ticketTokenId": ticket }));
    assert_eq!(old["ticketStatus"], "Transferred", "{old}");
    program.terminate();
    assert!(program.wait().success());
    let log = fs::read_to_string(office.data().join("sandbox.log")).unwrap();
    let sales = log.lines().filter(|line| line.contains("\"operation\":\"sale\"")).count();
    assert_eq!(sales, 2, "{log}");
    assert!(office.run(&["check"]).ends_with("all is well\n"));
}
