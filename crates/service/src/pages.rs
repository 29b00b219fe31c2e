//! Pages for people, and the descriptions they are made from (`servicestack.md §8`, `§9`, `§10`).
//!
//! Everything here is read-only and the same for every caller, so it is answered without asking who
//! calls. It is looked for when no operation's route matches.

use std::borrow::Cow;

use wire::{DateTime, NameStyle};

use crate::format::Format;
use crate::host::Host;
use crate::operation::Operation;
use crate::registry::Registry;
use crate::reply::Reply;

/// A request for something other than an operation.
pub struct PageRequest<'r> {
    /// All hosts and settings.
    pub registry: &'r Registry,
    /// The host below whose base path it was asked; `None` at the root, which shows all hosts.
    pub host: Option<&'r Host>,
    /// The segments below the base path.
    pub path: &'r [&'r str],
    /// The query, decoded.
    pub query: &'r [(Cow<'r, str>, Cow<'r, str>)],
    /// Scheme and authority as the client reached us, without a slash at the end.
    pub base_url: &'r str,
    /// The time of the request, in UTC.
    pub now: DateTime,
    /// The name style that the caller asked for by the path's prefix.
    pub names: Option<NameStyle>,
}

impl<'r> PageRequest<'r> {
    /// The last value of the query parameter `name`, in any case.
    pub fn query_value(&self, name: &str) -> Option<&'r str> {
        let mut latest_first = self.query.iter().rev();
        latest_first.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The hosts that the answer is about: the one it was asked of, or all.
    pub fn hosts(&self) -> impl Iterator<Item = &'r Host> {
        let all = if self.host.is_some() { &[] } else { self.registry.hosts() };
        self.host.into_iter().chain(all)
    }

    /// What stands before [`PageRequest::path`], for links within the same surface: empty at the
    /// root, else for example `/tickets` or `/camel/agents`.
    pub fn prefix(&self) -> String {
        let style = match self.names {
            None => "",
            Some(NameStyle::Pascal) => "/pascal",
            Some(NameStyle::Camel) => "/camel",
            Some(NameStyle::Snake) => "/snake",
        };
        format!("{style}{}", self.host.map_or("", |host| host.base_path))
    }

    /// How member names of `host` are shown.
    pub fn names_of(&self, host: &Host) -> NameStyle {
        self.names.unwrap_or(host.names)
    }
}

/// An answer of an operation that is to be shown as a page.
pub struct Snapshot<'a> {
    /// The operation's host.
    pub host: &'a Host,
    /// The operation that was called.
    pub operation: &'a Operation,
    /// Path and query as they were asked.
    pub url: &'a str,
    /// The request as JSON; empty when it could not be read.
    pub request_json: &'a [u8],
    /// The answer as JSON; empty when there is none.
    pub response_json: &'a [u8],
    /// The status of the answer.
    pub status: u16,
    /// The formats that the answer can be had in.
    pub formats: &'a [Format],
    /// The time of the answer, in UTC.
    pub now: DateTime,
}

/// Headers that every page needs, besides its content type: what a browser may do with it, and
/// that nobody keeps it, because it may show what only its caller may see.
pub const SNAPSHOT_HEADERS: [(&str, &str); 4] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// The page or document at that path, or `None` where nothing stands.
pub fn respond(_request: &PageRequest<'_>) -> Option<Reply> {
    None
}

/// The HTML form of any answer; send it as `text/html; charset=utf-8` with [`SNAPSHOT_HEADERS`].
pub fn snapshot(page: &Snapshot<'_>) -> Vec<u8> {
    let name = page.operation.name();
    format!("<!DOCTYPE html><title>{name}</title>").into_bytes()
}
