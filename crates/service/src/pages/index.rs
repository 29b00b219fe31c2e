//! The list of operations (`servicestack.md §8.1`).

use std::collections::BTreeSet;
use std::iter;

use super::html::{Html, encoded};
use super::{PageRequest, shell};
use crate::access::Access;
use crate::format::Format;
use crate::host::Host;
use crate::operation::Operation;
use crate::reply::Reply;

/// The name over pages that show all hosts.
pub(super) const ROOT_TITLE: &str = "Guichet";

/// The list of the hosts that were asked for.
pub(super) fn respond(request: &PageRequest<'_>) -> Reply {
    let title = request.host.map_or(ROOT_TITLE, |host| &host.title);
    let mut page = shell::begin(title, title, &format!("{}/ui", request.prefix()));
    page.markup("<p>The following operations are available.</p>\n").markup(FILTER_BOX);
    for host in request.hosts() {
        let heading = if request.host.is_some() { "Operations" } else { &host.title };
        page.wrap("<section class=\"list\">\n<h2>", heading, "</h2>\n");
        table(request, host, &mut page);
        page.markup("</section>\n");
    }
    further_links(request, &mut page);
    shell::reply_with_filter(page)
}

/// Shown by the script that it needs.
const FILTER_BOX: &str = "<p class=\"filter\" hidden><label for=\"filter\">Filter</label>\n\
    <input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">\n\
    <span id=\"told\" class=\"quiet\" role=\"status\"></span></p>\n";

/// The lock and what it says to those who do not see it.
const LOCK: &str = "\"><svg aria-hidden=\"true\" viewBox=\"0 0 16 16\"><path \
    d=\"M4 7V5a4 4 0 0 1 8 0v2h1v8H3V7zm2 0h4V5a2 2 0 0 0-4 0z\"/></svg><span class=\"unseen\"> ";

fn table(request: &PageRequest<'_>, host: &Host, page: &mut Html) {
    let formats = listed_formats(request).map(Format::key);
    let columns: Vec<_> = iter::once("Operation").chain(formats).collect();
    page.plain_table(&format!("Operations of {}", host.title), &columns);
    for operation in host.operations_by_name() {
        row(request, host, operation, page);
    }
    page.end_table();
}

fn row(request: &PageRequest<'_>, host: &Host, operation: &Operation, page: &mut Html) {
    let name = operation.name();
    let prefix = request.prefix_for(host, operation);
    page.markup("<tr><th scope=\"row\">").link(&format!("{prefix}/ui/{name}"), name);
    if let Some(needs) = needs(&operation.access) {
        page.wrap("<span class=\"lock\" title=\"", &needs, LOCK)
            .text(&needs)
            .markup("</span></span>");
    }
    page.markup("</th>");
    for format in listed_formats(request) {
        let target = format!("{prefix}/{}/metadata?op={}", format.key(), encoded(name));
        page.markup("<td>").link(&target, format.key()).markup("</td>");
    }
    page.markup("</tr>\n");
}

/// The formats that have operation pages, in the order they are registered.
pub(super) fn listed_formats(request: &PageRequest<'_>) -> impl Iterator<Item = Format> {
    let formats = &request.registry.settings().negotiation.formats;
    formats.iter().copied().filter(|format| *format != Format::Html)
}

/// What the lock says: lists as published, each entry once; `?` marks one of several.
fn needs(access: &Access) -> Option<String> {
    if !access.needs_principal() {
        return None;
    }
    let list = |heading: &str, all: &[&str], any: &[&str]| {
        let all = all.iter().map(|name| (*name).to_owned());
        let mut seen = BTreeSet::new();
        let names: Vec<_> = all
            .chain(any.iter().map(|name| format!("{name}?")))
            .filter(|name| seen.insert(name.clone()))
            .collect();
        (!names.is_empty()).then(|| format!("{heading}: {}", names.join(", ")))
    };
    let roles = list("Requires Roles", access.all_roles, access.any_role);
    let permissions = list("Requires Permissions", access.all_permissions, access.any_permission);
    let lists: Vec<_> = roles.into_iter().chain(permissions).collect();
    Some(if lists.is_empty() { "Requires Authentication".to_owned() } else { lists.join("; ") })
}

/// What else describes the service, by heading: label and path.
const FURTHER_LINKS: [(&str, &[(&str, &str)]); 4] = [
    ("API Explorer", &[("API Explorer", "/ui")]),
    ("Clients Overview", &[("Types for every language", "/types")]),
    ("Plugin Links:", &[("OpenAPI", "/openapi.json")]),
    (
        "Debug Info:",
        &[("Operations Metadata", "/operations/metadata"), ("App Metadata", "/metadata/app.json")],
    ),
];

/// Labels and paths of the links below the list.
pub(super) fn links() -> impl Iterator<Item = (&'static str, &'static str)> {
    FURTHER_LINKS.iter().flat_map(|(_, links)| links.iter().copied())
}

fn further_links(request: &PageRequest<'_>, page: &mut Html) {
    let prefix = request.prefix();
    for (heading, links) in FURTHER_LINKS {
        page.wrap("<h3>", heading, "</h3>\n<p class=\"links\">");
        for (label, path) in links {
            page.link(&format!("{prefix}{path}"), label).markup(" ");
        }
        page.markup("</p>\n");
    }
}
