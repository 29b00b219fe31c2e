//! The page behind an order's payment link in a real browser: what customers of agents do with it.

use std::fs;

use serde_json::json;

use crate::payment::text;
use crate::program::{Program, guichet};
use crate::{is_missing_something, run};

const CATALOGUE: &str = r#"
[[agency]]
slug = "highland"
name = "Highland Tours"
number = "A-100"
"#;

#[test]
fn customers_pay_their_orders() {
    // Proves the page of an order with people's browsers: a decline, the bank's challenge, a double
    // click, two browsers, the back button, an order that is changed or cancelled meanwhile, no
    // script, Stripe's form; by axe at two widths; and that afterwards everything adds up.
    if is_missing_something() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("catalogue.toml");
    fs::write(&file, CATALOGUE).unwrap();
    text(&guichet(&["catalogue", "import", file.to_str().unwrap()], &data));
    let key = ["key", "create", "--name", "shop", "--role", "Agent", "--organiser", "highland"];
    let key = text(&guichet(&key, &data)).lines().last().unwrap().trim().to_owned();
    let program = Program::start("serve", folder.path(), &data, &["serve"]);
    let facts = json!({
        "origin": format!("http://{}", program.address),
        "key": key,
        "log": data.join("sandbox.log"),
    });
    let status = run("order.mjs", &[&facts.to_string()]);
    assert!(status.success(), "a scenario failed; it is named above");
    program.terminate();
    assert!(program.wait().success());
    let told = text(&guichet(&["check"], &data));
    assert!(told.ends_with("all is well\n"), "{told}");
}
