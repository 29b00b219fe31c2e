//! A server with something to sell, and the people who call it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
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

[[card_type]]
slug = "season"
organiser = "hekla"
name = "Season card"
price = "99.95"
currency = "EUR"
valid_from = "2026-01-01T00:00:00"
valid_to = "2038-01-01T00:00:00"
tickets = 10
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
    /// The number of the only kind of season card.
    pub(crate) card_type: String,
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
        let card_type = number("card_type season");
        let key =
            ["key", "create", "--name", "till", "--role", "Admin", "--permission", "ReadData"];
        let key = succeed(&key, &data);
        let key = key.lines().last().unwrap().trim().to_owned();
        let seller = ["--role", "TeamAdmin", "--role", "Agent", "--organiser", "hekla"];
        let seller = [&seller[..], &["--permission", "ReadData"]].concat();
        add_user(SELLER, &seller, folder.path());
        add_user(STRANGER, &["--role", "MobileApp"], folder.path());
        let program = Program::start("serve", folder.path(), &data, &["serve"]);
        Stage { folder, program, key, event, ticket_type, card_type }
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

    /// A club that was not there before, made by the back office, and a ticket bought there, by no
    /// library at all: nothing that others have done to the first club keeps it from selling.
    pub(crate) fn open_club_and_buy(&self) -> Answer {
        let club = self.saved("owners", &json!({ "slug": "katla", "name": "Katla" }));
        let kind = json!({ "eventOwnerId": club["id"], "name": "Adult", "price": 3500 });
        let kind = self.saved("ticketTypes", &kind);
        let event = self.saved(
            "events",
            &json!({
                "eventOwnerId": club["id"], "name": "Katla – Hekla",
                "startsUTC": "2037-05-02T19:15:00Z", "prices": [{ "ticketTypeId": kind["id"] }],
            }),
        );
        let order = json!({
            "order": { "eventId": event["id"], "paymentMethodId": "card" },
            "orderDetails": [{ "eventSeriesOwnerTicketType": kind["id"], "count": 1 }],
            "cardInfo": {
                "paymentMethod": {
                    "paymentType": "Card", "pan": "4242424242424242",
                    "expYear": "2036", "expMonth": "12", "cvc": "123",
                },
                "amount": 3500, "currency": "ISK",
            },
        });
        self.post("/ticketOrder.json", &order)
    }

    /// Saves an entry of the catalogue, and answers it as it is then.
    fn saved(&self, items: &str, entry: &Value) -> Value {
        let answer = self.post(&format!("/backOffice/{items}.json"), &json!({ "entry": entry }));
        let answered = answer.json();
        assert_eq!(answered["message"], "OK", "{items}: {answer:?}");
        answered["result"].clone()
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        send(self.program.address, "POST", path, &headers, body.to_string().as_bytes())
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
