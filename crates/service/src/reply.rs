//! An answer, ready to be sent by any HTTP server.

use std::borrow::Cow;

/// Status, headers and bytes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The reason phrase, where it says more than the status.
    pub reason: Option<String>,
    /// The content type; `None` without a body.
    pub content_type: Option<Cow<'static, str>>,
    /// Further headers.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Vec<u8>,
    /// Nothing in it is secret, so that it may be compressed
    /// ([`crate::operation::Operation::has_secrets`]).
    pub is_public: bool,
}

impl Reply {
    /// An answer without a body, such as 204.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            reason: None,
            content_type: None,
            headers: Vec::new(),
            body: Vec::new(),
            is_public: false,
        }
    }

    /// An answer with a body.
    pub fn new(status: u16, content_type: impl Into<Cow<'static, str>>, body: Vec<u8>) -> Self {
        Self { content_type: Some(content_type.into()), body, ..Self::empty(status) }
    }

    /// No operation stands at that path: 404, `text/plain`, body `404` (`servicestack.md §6.4`).
    pub fn not_found() -> Self {
        Self::new(404, "text/plain", b"404".to_vec())
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer, said to depend on one more header of the request.
    #[must_use]
    pub(crate) fn varying_with(mut self, name: &'static str) -> Self {
        match self.headers.iter_mut().find(|(known, _)| *known == "Vary") {
            Some((_, names)) => {
                *names = format!("{names}, {name}").into();
                self
            }
            None => self.with_header("Vary", name),
        }
    }

    /// The value of a header, compared without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }
}
