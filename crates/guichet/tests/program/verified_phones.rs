//! A phone that was proved stays proved when the program dies, and on other nodes.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use crate::exchange::send;
use crate::program::{Program, guichet, until};

const NUMBER: &str = "+3545550123";
const DEVICE: &str = "phone-7";
const KEY_FILES: [&str; 2] = ["scan-code.key", "fingerprint.key"];

/// Somebody at an office, with a key to every node.
struct Office {
    bearer: String,
}

impl Office {
    /// Makes the key; `database` names a shared one, or nothing.
    fn open(data: &Path, database: &[&str]) -> Office {
        let create = ["key", "create", "--name", "office", "--role", "Admin"];
        let rights = ["--permission", "ReadData"];
        let output = guichet(&[&create[..], &rights, database].concat(), data);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Office { bearer: format!("Bearer {}", printed.lines().last().unwrap().trim()) }
    }

    fn ask(&self, node: SocketAddr, verb: &str, path: &str, body: &Value) -> Value {
        let headers = [("Authorization", &*self.bearer), ("Content-Type", "application/json")];
        let body = if verb == "GET" { String::new() } else { body.to_string() };
        send(node, verb, path, &headers, body.as_bytes()).json()
    }

    /// Asks for a code at one node and gives it at another; answers the token.
    fn verify(&self, asked: SocketAddr, confirmed: SocketAddr) -> String {
        let request = json!({ "fullPhoneNumber": NUMBER, "deviceId": DEVICE });
        let request = self.ask(asked, "POST", "/phoneverification/request.json", &request);
        let outbox = "/phoneverification/outbox.json?fullPhoneNumber=%2B3545550123";
        let outbox = self.ask(asked, "GET", outbox, &Value::Null);
        let text = outbox["messages"][0]["text"].as_str().unwrap_or_else(|| panic!("{outbox}"));
        let confirm =
            json!({ "requestId": request["token"], "code": text[..6], "deviceId": DEVICE });
        let path = "/phoneverification/verification.json";
        let proved = self.ask(confirmed, "POST", path, &confirm);
        proved["token"].as_str().unwrap_or_else(|| panic!("{proved}")).to_owned()
    }

    /// What a node says to a device that shows a token.
    fn shows(&self, node: SocketAddr, token: &str, device: &str) -> String {
        let body = json!({ "phoneVerificationNumber": token, "deviceId": device });
        let answer = self.ask(node, "POST", "/paymentCards.json", &body);
        let message = answer["message"].as_str().unwrap_or_else(|| panic!("{answer}"));
        message.split(':').next().unwrap_or_default().to_owned()
    }
}

#[test]
fn a_phone_stays_proved_over_a_crash() {
    // Proves that the token is good after the program was killed, on its own device alone.
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let office = Office::open(data, &[]);
    let serve = ["serve", "--test-mode"];
    let program = Program::start("first", folder.path(), data, &serve);
    let token = office.verify(program.address, program.address);
    program.kill();
    let program = Program::start("second", folder.path(), data, &serve);
    assert_eq!(office.shows(program.address, &token, DEVICE), "OK");
    let other = office.shows(program.address, &token, "another");
    assert_eq!(other, "PhoneVerificationDeviceMismatch");
}

#[test]
fn a_phone_is_proved_on_every_node() {
    // Proves that a code asked for at one node counts at the other, that the token is good at
    // both, and that a revocation at one of them ends it at the other.
    let server = match postgres_fixture::shared() {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let url = server.create_database("verified_phones").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
    let start = |name: &str, data: &Path| {
        let gateway = ["--gateway-url", "http://127.0.0.1:9", "--test-mode"];
        let serve = ["serve", "--database", &url, "--node-name", name];
        Program::start(name, folder.path(), data, &[&serve[..], &gateway].concat())
    };
    let first = start("one", &one);
    fs::create_dir_all(&two).unwrap();
    for name in KEY_FILES {
        fs::copy(one.join(name), two.join(name)).unwrap();
    }
    let second = start("two", &two);
    let office = Office::open(&one, &["--database", &url]);
    let token = office.verify(first.address, second.address);
    for node in [first.address, second.address] {
        assert_eq!(office.shows(node, &token, DEVICE), "OK");
    }
    let end = json!({ "phoneVerificationNumber": token, "deviceId": DEVICE });
    office.ask(second.address, "POST", "/phoneverification/revoke.json", &end);
    until("the token to end at the other node", || {
        let told = office.shows(first.address, &token, DEVICE);
        (told == "PhoneVerificationInvalid").then_some(())
    });
}
