//! An app's key from the command line, and what it signs, over restarts.

use std::fs;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use store::{Clock as _, SystemClock};

use crate::program::{Program, guichet};
use crate::search::files;
use crate::till::{Buyer, buyer, demo};

/// What `key create` printed.
struct App {
    system_id: String,
    secret: String,
    key: String,
}

fn create(data: &Path) -> App {
    let create = ["key", "create", "--name", "app", "--role", "MobileApp"];
    let output = guichet(&create, data);
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let lines: Vec<&str> = printed.lines().collect();
    let [system_id, secret, key] = lines[..] else { panic!("{printed}") };
    let value = |line: &str, name: &str| line.strip_prefix(name).unwrap().to_owned();
    App {
        system_id: value(system_id, "systemId: "),
        secret: value(secret, "systemSecret: "),
        key: key.to_owned(),
    }
}

fn signed(app: &App, order: &Value) -> Value {
    let now = SystemClock.now().seconds();
    let text = format!("{}\n{now}\nTicketOrder\n\n", app.system_id);
    let mut signed = Hmac::<Sha256>::new_from_slice(app.secret.as_bytes()).unwrap();
    signed.update(text.as_bytes());
    let digits = signed.finalize().into_bytes();
    let signature: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut order = order.clone();
    order["requestUnixUTCTimeStamp"] = json!(now);
    order["signature"] = json!({ "systemId": app.system_id, "signature": signature });
    order
}

fn restarted(name: &str, folder: &Path, data: &Path) -> (Program, Buyer) {
    let program = Program::start(name, folder, data, &["demo"]);
    let buyer = buyer(&program, data);
    (program, buyer)
}

#[test]
fn a_signature_is_remembered_over_a_restart() {
    // Proves that the printed secret signs, that a request sent again after the program was
    // killed gets the same answer and another under its signature none, that a withdrawn key
    // signs no more, and that neither secret nor key is in any file.
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let (program, _) = demo("first", folder.path(), data);
    program.terminate();
    assert!(program.wait().success());
    let app = create(data);

    let (program, buyer) = restarted("second", folder.path(), data);
    let order = signed(&app, &buyer.usual_order());
    let mut other = order.clone();
    other["appMetaData"] = json!("another order");
    let first = buyer.send(program.address, &order);
    assert_eq!(first.json()["message"], "OK", "{}", first.body);
    program.kill();

    let (program, buyer) = restarted("third", folder.path(), data);
    assert_eq!(buyer.send(program.address, &order).body, first.body);
    let message = buyer.send(program.address, &other).json()["message"].to_string();
    assert!(message.starts_with("\"SignatureReplayed: "), "{message}");
    program.terminate();
    assert!(program.wait().success());

    withdraw(&app, data);
    let (program, buyer) = restarted("fourth", folder.path(), data);
    let message = buyer.send(program.address, &order).json()["message"].to_string();
    assert!(message.starts_with("\"SignatureInvalid: "), "{message}");
    drop(program);
    for file in files(data) {
        let bytes = fs::read(file).unwrap();
        for secret in [&app.secret, &app.key] {
            let is_secret = |window: &[u8]| window == secret.as_bytes();
            assert!(!bytes.windows(secret.len()).any(is_secret), "{secret}");
        }
    }
}

/// Withdraws the app's key, which the list names by its system.
fn withdraw(app: &App, data: &Path) {
    let listed = String::from_utf8(guichet(&["key", "list", "--json"], data).stdout).unwrap();
    let keys = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ours: Vec<Value> = keys.filter(|key| key["systemId"] == app.system_id).collect();
    assert_eq!(ours.len(), 1, "{listed}");
    assert!(guichet(&["key", "withdraw", &ours[0]["id"].to_string()], data).status.success());
}
