//! A server with something to sell, and the people who call it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

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
        let program = Program::start("serve", folder.path(), &data, &["serve"]);
        Stage { folder, program, key, event, ticket_type }
    }

    /// Where something is.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.program.address)
    }

    /// Stops the server; what was sold must hold together.
    pub(crate) fn end_well(self, sales: u32) {
        let Stage { folder, program, .. } = self;
        program.terminate();
        assert!(program.wait().success());
        let told = succeed(&["check"], &folder.path().join("data"));
        assert!(told.starts_with(&format!("{sales} sales")), "{told}");
        assert!(told.ends_with("all is well\n"), "{told}");
    }
}

fn succeed(arguments: &[&str], data: &Path) -> String {
    let output = guichet(arguments, data);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
