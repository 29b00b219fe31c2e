//! A server with something to sell, and the people who call it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::exchange::{Answer, send};
use crate::program::{Program, guichet};

/// Decimals that no binary fraction is equal to, a price in cents and a name beyond ASCII.
const CATALOGUE: &str = r#"
[[organiser]]
slug = "hekla"
name = "Hekla"

[[venue]]
slug = "park"
name = "Hekla Park"
latitude = "64.146582"
longitude = "-21.928001"

[[ticket_type]]
slug = "adult"
organiser = "hekla"
name = "Adult"
price = "12.35"
currency = "EUR"

[[event]]
slug = "match"
organiser = "hekla"
venue = "park"
name = "Hekla – Esja"
currency = "EUR"
starts = "2037-05-02T19:15:00"
ends = "2037-05-02T21:15:00"
price = [{ ticket_type = "adult" }]
"#;

/// Everybody's.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Somebody who sells for the club, and is an agent on the other host.
pub(crate) const SELLER: &str = "anna";
/// Somebody who may not read data.
pub(crate) const STRANGER: &str = "bert";

/// Dropping it stops the server and removes its files.
pub(crate) struct Stage {
    /// Where a test may put files.
    pub(crate) folder: TempDir,
    pub(crate) program: Program,
    /// Of somebody who may do everything.
    pub(crate) key: String,
    /// The number of the event.
    pub(crate) event: String,
    /// The number of its only ticket type.
    pub(crate) ticket_type: String,
}

impl Stage {
    pub(crate) fn start() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let catalogue = folder.path().join("catalogue.toml");
        fs::write(&catalogue, CATALOGUE).unwrap();
        let numbers = succeed(&["catalogue", "import", catalogue.to_str().unwrap()], &data);
        let number = |item: &str| {
            let line = numbers.lines().find_map(|line| line.strip_prefix(item));
            line.unwrap().trim().to_owned()
        };
        let (event, ticket_type) = (number("event match"), number("ticket_type adult"));
        let key =
            ["key", "create", "--name", "till", "--role", "Admin", "--permission", "ReadData"];
        let key = succeed(&key, &data);
        let key = key.lines().last().unwrap().trim().to_owned();
        let seller = ["--role", "TeamAdmin", "--role", "Agent", "--organiser", "hekla"];
        let seller = [&seller[..], &["--permission", "ReadData"]].concat();
        add_user(SELLER, &seller, folder.path());
        add_user(STRANGER, &["--role", "MobileApp"], folder.path());
        let program = Program::start("serve", folder.path(), &data, &["serve"]);
        Stage { folder, program, key, event, ticket_type }
    }

    /// Where something is.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.program.address)
    }

    /// The types of one host as `/types/<language>` serves them.
    pub(crate) fn types(&self, language: &str) -> String {
        let target = format!("/tickets/types/{language}");
        let answer = send(self.program.address, "GET", &target, &[], b"");
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
        answer.body
    }

    /// One ticket, by no library at all.
    pub(crate) fn buy(&self) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = json!({
            "order": { "eventId": self.event, "paymentMethodId": "card" },
            "orderDetails": [{ "eventSeriesOwnerTicketType": self.ticket_type, "count": 1 }],
            "cardInfo": {
                "paymentMethod": {
                    "paymentType": "Card", "pan": "4242424242424242",
                    "expYear": "2036", "expMonth": "12", "cvc": "123",
                },
                "amount": 12.35, "currency": "EUR",
            },
        });
        let body = body.to_string();
        send(self.program.address, "POST", "/ticketOrder.json", &headers, body.as_bytes())
    }

    /// Stops the server, and looks that what was sold holds together; answers how many sales.
    pub(crate) fn end_well(self) -> u32 {
        let Stage { folder, program, .. } = self;
        program.terminate();
        assert!(program.wait().success());
        let told = succeed(&["check"], &folder.path().join("data"));
        assert!(told.ends_with("all is well\n"), "{told}");
        told.split(' ').next().unwrap().parse().unwrap()
    }
}

/// The password is read from standard input, as no other process can see it there.
fn add_user(name: &str, rights: &[&str], folder: &Path) {
    let password = folder.join("password");
    fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    command.args(["user", "add", "--name", name]).args(rights);
    command.arg("--data").arg(folder.join("data")).stdin(File::open(&password).unwrap());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn succeed(arguments: &[&str], data: &Path) -> String {
    let output = guichet(arguments, data);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
