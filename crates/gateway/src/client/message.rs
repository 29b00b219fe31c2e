//! One request to a provider. Its body may hold a card, so it is wiped when it has been sent.

use hyper::body::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Body, Method, Request, Url};
use serde::Serialize;
use zeroize::Zeroizing;

use super::sensitive;

/// Room for an ordinary body, so that writing one leaves no copies of a card behind.
const BODY_CAPACITY: usize = 4 * 1024;

/// The longest path and query, in bytes.
const PATH_LENGTH_MAX: usize = 2 * 1024;

/// A request that can be sent once.
pub struct Message {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Zeroizing<Vec<u8>>,
    /// What could not be put into the request; it is then not sent.
    flaw: Option<&'static str>,
}

impl Message {
    /// Reads what is at `path`, which begins with `/` and may have a query.
    #[must_use]
    pub fn get(path: &str) -> Message {
        Message::new(Method::GET, path)
    }

    /// Sends something to `path`.
    #[must_use]
    pub fn post(path: &str) -> Message {
        Message::new(Method::POST, path)
    }

    /// Removes what is at `path`.
    #[must_use]
    pub fn delete(path: &str) -> Message {
        Message::new(Method::DELETE, path)
    }

    /// Changes what is at `path`.
    #[must_use]
    pub fn put(path: &str) -> Message {
        Message::new(Method::PUT, path)
    }

    fn new(method: Method, path: &str) -> Message {
        let (headers, body) = (HeaderMap::new(), Zeroizing::new(Vec::new()));
        Message { method, path: path.to_owned(), headers, body, flaw: None }
    }

    /// With a header. Its value is never shown, because most of them are keys or signatures.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Message {
        match sensitive(value) {
            Some(value) => drop(self.headers.insert(HeaderName::from_static(name), value)),
            None => self.flaw = Some("a header cannot be written"),
        }
        self
    }

    /// With a JSON document.
    #[must_use]
    pub fn json(mut self, document: &impl Serialize) -> Message {
        let mut body = Zeroizing::new(Vec::with_capacity(BODY_CAPACITY));
        if serde_json::to_writer(&mut *body, document).is_err() {
            self.flaw = Some("the document cannot be written");
        }
        self.with_body("application/json", body)
    }

    /// With the members of a form, in this order.
    #[must_use]
    pub fn form(self, members: &[(&str, &str)]) -> Message {
        let mut body = Zeroizing::new(Vec::with_capacity(BODY_CAPACITY));
        for (name, value) in members {
            if !body.is_empty() {
                body.push(b'&');
            }
            escape(name, &mut body);
            body.push(b'=');
            escape(value, &mut body);
        }
        self.with_body("application/x-www-form-urlencoded", body)
    }

    /// With a body that is sent as it is, for protocols that sign its bytes.
    #[must_use]
    pub fn with_body(mut self, media_type: &'static str, body: Zeroizing<Vec<u8>>) -> Message {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        self.body = body;
        self
    }

    /// The request below `base`.
    ///
    /// # Errors
    /// A sentence when it cannot be written; nothing has left then.
    pub(super) fn request(self, base: &Url) -> Result<Request, String> {
        if let Some(flaw) = self.flaw {
            return Err(flaw.to_owned());
        }
        let mut request = Request::new(self.method, below(base, &self.path)?);
        *request.headers_mut() = self.headers;
        if !self.body.is_empty() {
            *request.body_mut() = Some(Body::from(Bytes::from_owner(self.body)));
        }
        Ok(request)
    }
}

/// The address of `path` below `base`. Parts of a path may come from a provider's answer, so one
/// that could lead elsewhere is refused.
fn below(base: &Url, path: &str) -> Result<Url, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%?&=[]:,".contains(&byte);
    let stays = !path.split('/').any(|segment| matches!(segment, "." | ".."));
    if !path.starts_with('/') || path.len() > PATH_LENGTH_MAX {
        return Err("the path cannot be sent".to_owned());
    }
    if !stays || !path.bytes().all(is_plain) {
        return Err("the path cannot be sent".to_owned());
    }
    let whole = format!("{}{path}", base.as_str().trim_end_matches('/'));
    Url::parse(&whole).map_err(|_| "the path cannot be sent".to_owned())
}

/// Writes text as a form wants it.
fn escape(text: &str, into: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => into.push(byte),
            b' ' => into.push(b'+'),
            other => {
                let digit = |value: u8| b"0123456789ABCDEF"[usize::from(value & 15)];
                into.extend_from_slice(&[b'%', digit(other >> 4), digit(other)]);
            }
        }
    }
}
