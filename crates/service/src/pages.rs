//! Pages for people, and the descriptions they are made from (`servicestack.md §8`, `§9`, `§10`).
//!
//! Everything here is read-only and the same for every caller, so it is answered without asking who
//! calls. It is looked for when no operation's route matches.

mod html;
mod index;
mod model;
mod operation;
mod shell;
mod snapshot;
mod tree;
mod type_links;
mod type_tables;

use std::borrow::Cow;

use wire::{DateTime, NameStyle};

use crate::codegen;
use crate::explorer;
use crate::format::Format;
use crate::host::Host;
use crate::openapi;
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

    /// What stands before the links to `operation`: nothing more than [`PageRequest::prefix`],
    /// unless another host's operation of that name is in front of it there.
    fn prefix_for(&self, host: &Host, operation: &Operation) -> String {
        let is_meant = |other: &Operation| std::ptr::eq(other, operation);
        let prefix = self.prefix();
        match operation::find(self, operation.name()) {
            Some((_, first)) if !is_meant(first) => format!("{prefix}{}", host.base_path),
            _ => prefix,
        }
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

/// Headers of a snapshot, besides its content type: it may show itself and nothing more, and nobody
/// keeps it, because it shows what its caller alone may see.
pub const SNAPSHOT_HEADERS: [(&str, &str); 4] = [
    ("Content-Security-Policy", shell::POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// The page or document at that path, or `None` where nothing stands.
pub fn respond(request: &PageRequest<'_>) -> Option<Reply> {
    metadata(request)
        .or_else(|| model::respond(request))
        .or_else(|| type_links::respond(request))
        .or_else(|| codegen::respond(request))
        .or_else(|| openapi::respond(request))
        .or_else(|| explorer::respond(request))
}

/// The list of operations and their pages.
fn metadata(request: &PageRequest<'_>) -> Option<Reply> {
    match request.path {
        [page] if is(page, "metadata") => Some(index::respond(request)),
        [key, page] if is(page, "metadata") => {
            let format = index::listed_formats(request).find(|format| is(key, format.key()))?;
            Some(match request.query_value("op").filter(|name| !name.is_empty()) {
                Some(name) => operation::respond(request, format, name),
                None => index::respond(request),
            })
        }
        _ => None,
    }
}

/// Names in paths compare without regard to case.
fn is(segment: &str, name: &str) -> bool {
    segment.eq_ignore_ascii_case(name)
}

/// The HTML form of any answer; send it as `text/html; charset=utf-8` with [`SNAPSHOT_HEADERS`].
pub fn snapshot(page: &Snapshot<'_>) -> Vec<u8> {
    snapshot::render(page)
}
