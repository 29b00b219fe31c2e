//! What a sandbox of its own tells the till by itself.

use std::time::Duration;

use crate::support::{exchange, krona, options, phone, sandbox_terms};
use gateway::sandbox::{CallbackTarget, SandboxClient, serve_telling};
use gateway::{Callback, CallbackSecret, Gateway as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

const PATH: &str = "/phonePayment/callback/phone";
const ACCEPTS: &str = "+3545550001";
const SILENT: &str = "+3545550003";
const PATIENCE: Duration = Duration::from_secs(10);

/// The next whole message that a till gets, as text.
async fn heard(till: &TcpListener) -> String {
    let (mut stream, _) = till.accept().await.expect("a message comes");
    let mut text = String::new();
    while !text.ends_with('}') {
        let mut part = [0; 4_096];
        let read = stream.read(&mut part).await.expect("it can be read");
        assert_ne!(read, 0, "the message ends early: {text}");
        text.push_str(std::str::from_utf8(&part[..read]).expect("it is text"));
    }
    let answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    stream.write_all(answer).await.expect("it is answered");
    text
}

/// Checks that a message is signed, and about which charge it is.
fn check(message: &str, key: &str) {
    let (head, body) = message.split_once("\r\n\r\n").expect("it has a body");
    assert!(head.starts_with(&format!("POST {PATH} HTTP/1.1\r\n")), "{head}");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} is missing in {head}")).to_owned()
    };
    let (nonce, signature) = (header("X-Callback-Nonce"), header("X-Callback-Signature"));
    let body_sent = body.as_bytes();
    let callback = Callback { nonce: &nonce, signature: &signature, path: PATH, body: body_sent };
    assert!(CallbackSecret::new("a secret".to_owned()).signed(&callback), "{message}");
    assert_eq!(body, format!(r#"{{"reference":"{key}"}}"#));
}

#[tokio::test]
async fn a_till_is_told_when_a_payer_has_answered() {
    // Proves that the till hears of a payer who answers, signed, and of a silent one only when
    // somebody has answered for them.
    let folder = tempfile::tempdir().expect("a folder can be made");
    let till = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}{PATH}", till.local_addr().expect("it has an address"));
    let target = CallbackTarget::of_url(&url, CallbackSecret::new("a secret".to_owned()));
    let target = target.expect("it is on this machine");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let options = options(folder.path());
    let server = tokio::spawn(serve_telling(listener, options, target));
    let client = SandboxClient::new(address, sandbox_terms());
    client.sale(&krona("silent", 900), &phone(SILENT)).await;
    client.sale(&krona("quick", 900), &phone(ACCEPTS)).await;
    check(&timeout(PATIENCE, heard(&till)).await.expect("in time"), "quick");
    exchange(address, "POST", "/v1/charges/silent/payer", r#"{"accepts":true}"#).await;
    check(&timeout(PATIENCE, heard(&till)).await.expect("in time"), "silent");
    server.abort();
}
