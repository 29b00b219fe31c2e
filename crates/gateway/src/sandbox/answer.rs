//! The answers that the sandbox's client can read: HTTP/1.1 with a length, and nothing else.

/// The longest head of an answer, in bytes.
const HEAD_LENGTH_MAX: usize = 2 * 1024;

/// The most header lines of an answer.
const HEADERS_MAX: usize = 16;

/// The longest body of an answer, in bytes.
const BODY_LENGTH_MAX: usize = 16 * 1024;

/// What the head of an answer says.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Whether the connection may be used again.
    pub(super) keeps_alive: bool,
    body_start: usize,
    body_end: usize,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) head: Head,
    bytes: Vec<u8>,
}

impl Answer {
    pub(super) fn body(&self) -> &[u8] {
        &self.bytes[self.head.body_start..self.head.body_end]
    }
}

impl Head {
    /// The answer, if `bytes` hold all of it.
    ///
    /// # Errors
    /// A sentence when they hold more: the two sides are out of step.
    pub(super) fn complete(self, bytes: &mut Vec<u8>) -> Option<Result<Answer, String>> {
        match bytes.len() {
            length if length < self.body_end => None,
            length if length > self.body_end => Some(Err("more came than was announced".into())),
            _ => Some(Ok(Answer { head: self, bytes: std::mem::take(bytes) })),
        }
    }
}

/// Reads a head, if `bytes` hold all of it.
///
/// # Errors
/// A sentence when it is not HTTP/1.1, or longer than the limits, or of unknown length.
pub(super) fn read_head(bytes: &[u8]) -> Result<Option<Head>, String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(&bytes[..bytes.len().min(HEAD_LENGTH_MAX)]);
    let body_start = match parsed.map_err(|error| error.to_string())? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial if bytes.len() < HEAD_LENGTH_MAX => return Ok(None),
        httparse::Status::Partial => return Err("the head is too long".into()),
    };
    let value_of = |name: &str| {
        let header = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        header.and_then(|header| std::str::from_utf8(header.value).ok())
    };
    let length = value_of("content-length").and_then(|length| length.parse::<usize>().ok());
    let length = length.filter(|length| *length <= BODY_LENGTH_MAX);
    let (Some(status), Some(length), Some(1)) = (response.code, length, response.version) else {
        return Err("the head is not one of ours".into());
    };
    let keeps_alive = !value_of("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"));
    Ok(Some(Head { status, keeps_alive, body_start, body_end: body_start + length }))
}
