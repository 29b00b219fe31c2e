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
        self.password(user, "")
    }

    pub(crate) fn password(self, user: &str, password: &str) -> Request {
        let text = format!("{user}:{password}");
        let text = base64::engine::general_purpose::STANDARD.encode(text);
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

    /// The values of a header that may come more than once.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value).collect()
    }

    /// The value of a cookie that the answer sets; empty when it takes the cookie away.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers("set-cookie");
        let mut pairs = cookies.iter().filter_map(|line| line.split(';').next()?.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    }

    /// Status, code and message of an error.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let told = self.json()["responseStatus"].clone();
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("errorCode"), text("message"))
    }

    /// The message of an error, in either name style.
    pub(crate) fn told_message(&self) -> String {
        let told = self.json();
        let camel = told["responseStatus"]["message"].as_str();
        let message = camel.or(told["ResponseStatus"]["Message"].as_str());
        message.unwrap_or_default().to_owned()
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
