//! One request on a connection of its own, and its answer.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The handle of the ticket inside.
    pub(crate) fn token(&self) -> String {
        let token = &self.json()["ticketAndDetails"]["eventTicket"]["ticketTokenId"];
        token.as_str().unwrap_or_else(|| panic!("no ticket: {}", self.body)).to_owned()
    }
}

/// Sends a request with these headers and reads the whole answer.
pub(crate) fn send(
    address: SocketAddr,
    verb: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    try_send(address, verb, target, headers, body).expect("an answer")
}

/// The same with a program that may end meanwhile; `None` when its answer never came whole.
pub(crate) fn try_send(
    address: SocketAddr,
    verb: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Answer> {
    let mut head = format!("{verb} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received).ok()?;
    let received = String::from_utf8_lossy(&received).into_owned();
    let (head, body) = received.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}
