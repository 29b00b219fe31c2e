//! A request as the service sees it, independent of any HTTP server.

use wire::DateTime;

/// The headers of a request.
pub trait Headers: Sync {
    /// The value of the header `name`, in any case; `None` when absent or not text.
    fn get(&self, name: &str) -> Option<&str>;

    /// Shows every header whose value is text.
    fn each(&self, visit: &mut dyn FnMut(&str, &str));
}

/// One request, whole and bounded: the server has already limited head and body.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The verb of the request line.
    pub verb: &'a str,
    /// The path, still percent-encoded, without query.
    pub path: &'a str,
    /// What follows the question mark, still encoded; empty when there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a dyn Headers,
    /// The body; empty when there is none.
    pub body: &'a [u8],
    /// Scheme and authority by which the client reached us, without a slash at the end, for example
    /// `http://127.0.0.1:8080`. Pages and generated code repeat it.
    pub base_url: &'a str,
    /// The time of the request, in UTC.
    pub now: DateTime,
    /// The place, from 0, in the batch that it was sent in; its errors name it.
    pub batch_index: Option<usize>,
}

impl<'a> Exchange<'a> {
    /// A `GET` without query, headers or body, to be changed by struct update.
    pub fn get(path: &'a str) -> Self {
        Self {
            verb: "GET",
            path,
            query: "",
            headers: &HeaderPairs(&[]),
            body: b"",
            base_url: "http://localhost",
            now: DateTime::MIN,
            batch_index: None,
        }
    }
}

/// Headers held as pairs of name and value, for callers without a map of their own.
#[derive(Debug, Clone, Copy)]
pub struct HeaderPairs<'a>(pub &'a [(&'a str, &'a str)]);

impl Headers for HeaderPairs<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self.0 {
            visit(name, value);
        }
    }
}
