//! A cancelled event whose refunds are cut by crashes.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::thread;

use gateway::sandbox::{Operation, read_log};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::exchange::send;
use crate::program::{Program, guichet, until};

const CATALOGUE: &str = r#"
[[organiser]]
slug = "hekla"
name = "Hekla"

[[ticket_type]]
slug = "regular"
organiser = "hekla"
name = "Regular"
price = "5000"

[[event]]
slug = "home"
organiser = "hekla"
name = "Hekla – Esja"
starts = "2037-05-02T19:15:00"
price = [{ ticket_type = "regular" }]
"#;

const PRICE: i64 = 5_000;
const BUYERS: usize = 4;
const ORDERS_EACH: usize = 15;
const ORDERS: usize = BUYERS * ORDERS_EACH;

/// So slow that a kill meets refunds under way, and so quick to be asked again that the test is.
const PACE: [&str; 6] =
    ["--gateway-send-within-ms", "1000", "--gateway-deadline-ms", "500", "--job-pause-ms", "100"];

/// An installation, its gateway in a process of its own, and somebody at its office.
struct Office {
    folder: TempDir,
    sandbox: Program,
    bearer: String,
    imported: String,
}

impl Office {
    fn open() -> Office {
        let folder = tempfile::tempdir().unwrap();
        let (file, gateway) = (folder.path().join("catalogue.toml"), folder.path().join("gateway"));
        fs::write(&file, CATALOGUE).unwrap();
        let slow = ["sandbox", "--delay-ms", "30"];
        let sandbox = Program::start("sandbox", folder.path(), &gateway, &slow);
        let (bearer, imported) = (String::new(), String::new());
        let mut office = Office { folder, sandbox, bearer, imported };
        office.imported = office.run(&["catalogue", "import", file.to_str().unwrap()]);
        let key = office.run(&["key", "create", "--name", "till", "--role", "Admin"]);
        office.bearer = format!("Bearer {}", key.lines().last().unwrap().trim());
        office
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = guichet(arguments, &self.data());
        let told =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
        assert!(output.status.success(), "{told:?}");
        told[0].clone()
    }

    fn serve(&self, name: &str) -> Program {
        let url = format!("http://{}", self.sandbox.address);
        let serve = [&["serve", "--gateway-url", &url][..], &PACE].concat();
        Program::start(name, self.folder.path(), &self.data(), &serve)
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

    /// The handle of a ticket that was paid.
    fn buy(&self, program: &Program) -> Value {
        let kind = self.number("ticket_type regular");
        let order = json!({
            "order": { "eventId": self.number("event home") },
            "orderDetails": [{ "eventSeriesOwnerTicketType": kind, "count": 1 }],
            "cardInfo": { "paymentMethod": {
                "paymentType": "Card", "pan": "4242424242424242", "expYear": "2036",
                "expMonth": "12", "cvc": "123",
            }},
        });
        let bought = self.post(program, "ticketOrder", &order);
        bought["ticketAndDetails"]["eventTicket"]["ticketTokenId"].clone()
    }

    /// The handles of all tickets.
    fn sell(&self, program: &Program) -> Vec<Value> {
        let buyer = || (0..ORDERS_EACH).map(|_| self.buy(program)).collect::<Vec<_>>();
        thread::scope(|scope| {
            let buyers: Vec<_> = (0..BUYERS).map(|_| scope.spawn(buyer)).collect();
            buyers.into_iter().flat_map(|buyer| buyer.join().unwrap()).collect()
        })
    }

    /// What the gateway paid back, in minor units, by the charge it belongs to.
    fn paid_back(&self) -> HashMap<String, i64> {
        let log = read_log(&self.folder.path().join("gateway/sandbox.log")).unwrap();
        let mut sums = HashMap::new();
        let refunds = log.iter().filter(|line| line.request.operation == Operation::Refund);
        for line in refunds.filter(|line| line.moved() > 0) {
            let charge = line.request.charge.clone().unwrap_or_default();
            *sums.entry(charge).or_default() += line.moved();
        }
        sums
    }
}

#[test]
fn a_crash_in_the_middle_refunds_everybody_once() {
    // Proves that the refunds of a cancelled event go on at once after a kill, whenever it comes;
    // that everybody is paid back once; and that nothing is left open and the books add up.
    let office = Office::open();
    let mut program = office.serve("first");
    let tickets = office.sell(&program);
    let cancel = json!({ "eventId": office.number("event home"), "reason": "storm" });
    let started = office.post(&program, "events/cancel", &cancel);
    assert_eq!(started["job"]["state"], "Running", "{started}");
    for (name, least) in [("second", 1), ("third", ORDERS / 2)] {
        until("some refunds", || (office.paid_back().len() >= least).then_some(()));
        program.kill();
        assert!(office.paid_back().len() < ORDERS, "it was cut in the middle");
        program = office.serve(name);
    }
    for ticket in &tickets {
        until("the refund of a ticket", || {
            let status = json!({ "ticketTokenId": ticket });
            let told = office.post(&program, "ticketOrder/status", &status);
            (told["ticketStatus"] == "Refunded").then_some(())
        });
    }
    program.terminate();
    assert!(program.wait().success());
    let paid_back = office.paid_back();
    assert_eq!(paid_back.len(), ORDERS);
    assert!(paid_back.values().all(|sum| *sum == PRICE), "{paid_back:?}");
    let said = office.run(&["check"]);
    assert!(said.contains("0 payments open") && said.ends_with("all is well\n"), "{said}");
}
