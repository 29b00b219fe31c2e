//! One request on a connection of its own, and its answer.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer than any answer may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A request.
#[derive(Clone)]
pub(crate) struct Request {
    verb: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(verb: &str, target: &str) -> Request {
        let (verb, target) = (verb.to_owned(), target.to_owned());
        Request { verb, target, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(target: &str) -> Request {
        Request::new("GET", target)
    }

    pub(crate) fn post(target: &str) -> Request {
        Request::new("POST", target)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn key(self, key: &str) -> Request {
        self.header("Authorization", &format!("Bearer {key}"))
    }

    pub(crate) fn basic(self, user: &str) -> Request {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:"));
        self.header("Authorization", &format!("Basic {text}"))
    }

    pub(crate) fn accept(self, format: &str) -> Request {
        self.header("Accept", format)
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Request {
        self.body = body.into();
        self.header("Content-Type", content_type)
    }

    pub(crate) fn json(self, value: &Value) -> Request {
        self.body("application/json", value.to_string())
    }

    /// The request as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Request { verb, target, headers, body } = self;
        let mut head = format!("{verb} {target} HTTP/1.1\r\nHost: till\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }

    pub(crate) async fn send(&self, address: SocketAddr) -> Answer {
        let bytes = self.bytes();
        let received = tokio::time::timeout(PATIENCE, exchange(address, &bytes)).await;
        Answer::read(&received.expect("an answer in time"))
    }
}

/// Sends while reading: whoever refuses a long body answers before its end.
async fn exchange(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let mut received = Vec::new();
    // Either side may fail when the server hangs up early; what was received decides.
    let _ = tokio::join!(writer.write_all(request), reader.read_to_end(&mut received));
    received
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn read(received: &[u8]) -> Answer {
        let end = received.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.expect("a whole head");
        let head = String::from_utf8(received[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        Answer { status, head, body: received[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The `statusCode` inside; 0 without one.
    pub(crate) fn status_code(&self) -> u64 {
        self.json()["statusCode"].as_u64().unwrap_or(0)
    }

    /// The stable code at the beginning of the message.
    pub(crate) fn code(&self) -> String {
        let message = self.json()["message"].as_str().unwrap_or_default().to_owned();
        message.split(':').next().unwrap_or_default().to_owned()
    }

    /// The ticket inside, or null.
    pub(crate) fn ticket(&self) -> Value {
        self.json()["ticketAndDetails"]["eventTicket"].clone()
    }

    pub(crate) fn token(&self) -> String {
        let ticket = self.ticket();
        let token = ticket["ticketTokenId"].as_str();
        token.unwrap_or_else(|| panic!("no ticket in {}", self.text())).to_owned()
    }

    /// Names of the members that an HTTP 400 says are wrong.
    pub(crate) fn fields(&self) -> Vec<String> {
        let errors = self.json()["responseStatus"]["errors"].clone();
        let errors = errors.as_array().cloned().unwrap_or_default();
        errors.iter().filter_map(|error| error["fieldName"].as_str().map(str::to_owned)).collect()
    }
}
