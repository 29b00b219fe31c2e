//! One request and its answer, or the silence of a program that was killed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than the program may take for any order.
const PATIENCE: Duration = Duration::from_secs(30);

/// Says as much as silence.
const OUTCOME_UNKNOWN: &str = "OutcomeUnknown";

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A whole answer.
    Told {
        /// The HTTP status.
        http: u16,
        /// The `statusCode` inside; 0 without one.
        code: u64,
        /// The `ticketTokenId` inside.
        token: Option<String>,
    },
    /// Nothing, or only a part of an answer.
    Silence,
}

/// Sends an order, on a connection of its own.
pub(crate) fn order(address: SocketAddr, key: &str, repeat: Option<&str>, body: &str) -> Answer {
    let repeat = repeat.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
    let request = format!(
        "POST /ticketOrder HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nAccept: application/json\r\n{repeat}\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    send(address, &request).and_then(|received| told(&received)).unwrap_or(Answer::Silence)
}

fn send(address: SocketAddr, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut received = String::new();
    // A connection cut after the whole answer is no harm, so the length decides, not the end.
    let _ = stream.read_to_string(&mut received);
    Some(received)
}

fn told(received: &str) -> Option<Answer> {
    let (head, body) = received.split_once("\r\n\r\n")?;
    let http = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())?.ok()
    })?;
    let value: Value = match body.len() == length {
        true => serde_json::from_str(body).unwrap_or_default(),
        false => return None,
    };
    if value["responseStatus"]["errorCode"] == OUTCOME_UNKNOWN {
        return Some(Answer::Silence);
    }
    let token = value["ticketAndDetails"]["eventTicket"]["ticketTokenId"].as_str();
    let code = value["statusCode"].as_u64().unwrap_or(0);
    Some(Answer::Told { http, code, token: token.map(str::to_owned) })
}
