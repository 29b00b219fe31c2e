//! The sample request and response of an operation page (`servicestack.md §8.2`, points 11, 12).

mod xml_layout;

use crate::format::Format;
use crate::jsv_layout::pretty;
use crate::operation::Operation;
use crate::reply_body::write_with;
use crate::sample::write_sample;

use wire::{NameStyle, Settings, TypeMeta};

/// Samples of one operation in one format.
pub struct SamplePage<'p> {
    /// How members are named: as its host does, unless the caller asked for another style.
    pub names: NameStyle,
    /// The operation.
    pub operation: &'static Operation,
    /// The format of the page; formats that are plugins show JSON as their body.
    pub format: Format,
    /// What stands before the operation's routes, for example `/tickets`; empty at the root.
    pub prefix: &'p str,
}

/// Verbs in the order in which a page prefers them.
const VERBS_WITH_BODY: [&str; 3] = ["POST", "PUT", "PATCH"];

impl SamplePage<'_> {
    /// Head and body of the request. `authority` is what stands after `Host:`.
    pub fn request(&self, authority: &str) -> String {
        let verb = self.verb();
        let (path, content_type) = (self.path(), self.format.page_content_type());
        let mut text =
            format!("{verb} {path} HTTP/1.1 \nHost: {authority} \nAccept: {content_type}\n");
        if VERBS_WITH_BODY.contains(&verb) {
            text += &format!("Content-Type: {content_type}\nContent-Length: length\n\n");
            text += &self.request_body();
        }
        text
    }

    /// Head and body of the response; `None` when the operation returns nothing.
    pub fn response(&self) -> Option<String> {
        let body = self.response_body()?;
        let content_type = self.format.page_content_type();
        Some(format!(
            "HTTP/1.1 200 OK\nContent-Type: {content_type}\nContent-Length: length\n\n{body}"
        ))
    }

    /// The body of the request.
    pub fn request_body(&self) -> String {
        self.body(self.operation.request, true)
    }

    /// The body of the response; `None` when the operation returns nothing.
    pub fn response_body(&self) -> Option<String> {
        self.operation.response.map(|meta| self.body(meta, false))
    }

    fn body(&self, meta: &'static TypeMeta, is_request: bool) -> String {
        let mut bytes = Vec::new();
        let computed = if is_request { self.operation.computed_samples } else { &[] };
        // Formats that are plugins show JSON (`servicestack.md §3.3`).
        let format = match self.format {
            Format::Csv | Format::JsonLines => Format::Json,
            other => other,
        };
        write_with(format, &Settings::named(self.names), &mut bytes, |sink| {
            write_sample(meta, computed, sink);
        });
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match self.format {
            Format::Jsv => pretty(&text),
            Format::Xml => xml_layout::indented(&text),
            _ => text,
        }
    }

    /// POST if any route takes it, else a verb with a body, else one without.
    fn verb(&self) -> &'static str {
        let verbs = VERBS_WITH_BODY.into_iter().chain(["GET", "DELETE"]);
        let taken = |verb: &&str| self.operation.allows(verb);
        verbs.into_iter().find(taken).unwrap_or("POST")
    }

    /// The first route that takes POST, else the first one, else the pre-defined route.
    fn path(&self) -> String {
        let routes = self.operation.routes;
        let posting = routes.iter().find(|route| route.verbs.allows("POST"));
        let prefix = self.prefix;
        match posting.or_else(|| routes.first()) {
            Some(route) => format!("{prefix}{}", route.path),
            None => {
                let way = if self.operation.response.is_some() { "reply" } else { "oneway" };
                format!("{prefix}/{}/{way}/{}", self.format.key(), self.operation.name())
            }
        }
    }
}
