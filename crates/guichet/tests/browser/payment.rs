//! The page behind a payment link in a real browser: what holders of tickets do with it.

use std::fs;
use std::process::Output;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::program::{Program, guichet};
use crate::{is_missing_something, run};

/// How long after the start of the program the soon events' links end, in seconds.
const LINKS_END_S: i64 = 120;

/// A session ends this long before its events, in seconds.
const SESSION_END_S: i64 = 3_600;

const CATALOGUE: &str = r#"
[[organiser]]
slug = "hekla"
name = "Hekla"

[[venue]]
slug = "park"
name = "Hekla Park"

[[ticket_type]]
slug = "regular"
organiser = "hekla"
name = "Regular"
price = "5000"

[[ticket_type]]
slug = "dear"
organiser = "hekla"
name = "Dear"
price = "6500"

[[ticket_type]]
slug = "answer-lost"
organiser = "hekla"
name = "The answer to its payment is lost"
price = "5666"

[[event]]
slug = "home"
organiser = "hekla"
venue = "park"
name = "Hekla – Esja"
starts = "2037-05-02T19:15:00"
price = [{ ticket_type = "regular" }]

[[event]]
slug = "rematch"
organiser = "hekla"
venue = "park"
name = "Hekla – Esja, rematch"
starts = "2037-06-02T19:15:00"
price = [{ ticket_type = "dear" }]

[[event]]
slug = "soon"
organiser = "hekla"
venue = "park"
name = "Hekla – Askja, soon"
starts = "SOON"
price = [{ ticket_type = "dear" }, { ticket_type = "answer-lost" }]
"#;

#[test]
fn holders_pay_the_difference() {
    // Proves the payment page with people's browsers: the bank's challenge, a decline, an expired
    // link, a payment that arrives after the end, a double click, two browsers, the back button, no
    // script; by axe at two widths; and that afterwards everything adds up.
    if is_missing_something() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let ends_at = Timestamp::now() + SignedDuration::from_secs(LINKS_END_S);
    let starts = ends_at + SignedDuration::from_secs(SESSION_END_S);
    let local = starts.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let file = folder.path().join("catalogue.toml");
    fs::write(&file, CATALOGUE.replace("SOON", &local)).unwrap();
    let imported = text(&guichet(&["catalogue", "import", file.to_str().unwrap()], &data));
    let number = |item: &str| -> u32 {
        let line = imported.lines().find_map(|line| line.strip_prefix(item));
        line.unwrap().trim().parse().unwrap()
    };
    let key = ["key", "create", "--name", "till", "--role", "Admin", "--permission", "ReadData"];
    let key = text(&guichet(&key, &data)).lines().last().unwrap().trim().to_owned();
    let program = Program::start("serve", folder.path(), &data, &["serve"]);
    let facts = json!({
        "origin": format!("http://{}", program.address),
        "key": key,
        "log": data.join("sandbox.log"),
        "linksEndMs": ends_at.as_millisecond(),
        "home": number("event home"), "rematch": number("event rematch"),
        "soon": number("event soon"),
        "regular": number("ticket_type regular"), "dear": number("ticket_type dear"),
        "answerLost": number("ticket_type answer-lost"),
    });
    let status = run("payment.mjs", &[&facts.to_string()]);
    assert!(status.success(), "a scenario failed; it is named above");
    program.terminate();
    assert!(program.wait().success());
    let told = text(&guichet(&["check"], &data));
    assert!(told.ends_with("all is well\n"), "{told}");
}

pub(crate) fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
