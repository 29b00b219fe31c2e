//! Every page there is: each answers, is well formed and keeps to its own server, and no link is
//! dead.

use std::collections::BTreeSet;

use service::codegen::Language;
use service::host::Host;
use service::operation::Operation;
use service::reply::Reply;

use crate::ask::{get, registry};

/// Elements without contents.
const VOID: [&str; 5] = ["!DOCTYPE", "input", "link", "meta", "path"];

/// More pages than there are mean that links grow without end.
const PAGES_MAX: usize = 60_000;

fn is_page(reply: &Reply) -> bool {
    reply.content_type.as_deref().is_some_and(|found| found.starts_with("text/html"))
}

/// Attributes that pages use; none of them loads or runs anything, or decides how a text looks.
const ATTRIBUTES: [&str; 25] = [
    "aria-current",
    "aria-hidden",
    "aria-label",
    "autocomplete",
    "charset",
    "class",
    "colspan",
    "content",
    "d",
    "for",
    "hidden",
    "href",
    "html",
    "id",
    "lang",
    "name",
    "role",
    "scope",
    "spellcheck",
    "tabindex",
    "title",
    "type",
    "viewBox",
    "",
    "/",
];

/// The addresses that a page links to, decoded.
pub(crate) fn links(page: &str) -> impl Iterator<Item = String> + '_ {
    let rest = page.split(" href=\"").skip(1);
    rest.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
}

/// A page without the contents of its style and script.
fn markup(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    let script = after
        .split_once("<script>")
        .map(|(before, rest)| before.to_owned() + rest.split_once("</script>").unwrap().1);
    before.to_owned() + &script.unwrap_or_else(|| after.to_owned())
}

/// Every element that is begun is ended, and none has an attribute that is not among the known.
pub(crate) fn check_form(target: &str, page: &str) {
    let mut open = Vec::new();
    let page = markup(page);
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        // Values stand in quotes, so every second piece lies outside of them.
        for attribute in attributes.split('"').step_by(2).flat_map(str::split_whitespace) {
            let attribute = attribute.trim_end_matches('=');
            assert!(ATTRIBUTES.contains(&attribute), "{target}: <{tag}> has {attribute}");
        }
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{target}: </{name}>"),
            None if VOID.contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{target}");
    assert_eq!(page.matches("<h1").count(), 1, "{target}");
}

/// Follows all links from the lists of the scopes. Answers the addresses of the pages.
fn crawl(scopes: &[&str]) -> BTreeSet<String> {
    let registry = registry();
    let mut waiting: Vec<_> = scopes.iter().map(|scope| format!("{scope}/metadata")).collect();
    let mut seen = BTreeSet::from_iter(waiting.clone());
    let mut pages = BTreeSet::new();
    while let Some(target) = waiting.pop() {
        assert!(seen.len() < PAGES_MAX, "{target}");
        let reply = get(&registry, "example.org", &target).expect(&target);
        assert_eq!(reply.status, 200, "{target}");
        if !is_page(&reply) || !target.contains("metadata") {
            continue;
        }
        let page = String::from_utf8(reply.body).unwrap();
        check_form(&target, &page);
        for link in links(&page) {
            let link = link.split('#').next().unwrap().to_owned();
            assert!(link.is_empty() || link.starts_with('/'), "{target} links to {link}");
            if !link.is_empty() && seen.insert(link.clone()) {
                waiting.push(link);
            }
        }
        pages.insert(target);
    }
    pages
}

/// Proves that the list leads to the page of every operation in every format and language, and
/// that every page and every link on it answers: at the root and below each host.
#[test]
fn no_link_is_dead() {
    let registry = registry();
    let scopes = ["", "/tickets", "/agents", "/clubs"];
    let pages = crawl(&scopes);
    let languages = || Language::all().filter(|language| Language::TABS.contains(language));
    for scope in scopes {
        let is_here = |host: &&Host| scope.is_empty() || host.base_path == scope;
        let hosts = registry.hosts().iter().filter(is_here);
        for name in hosts.flat_map(Host::visible_operations).map(Operation::name) {
            let languages = languages().map(|language| format!("&lang={}", language.key()));
            for language in languages.chain([String::new()]) {
                for format in ["json", "xml", "jsv", "csv", "jsonl"] {
                    let page = format!("{scope}/{format}/metadata?op={name}{language}");
                    assert!(pages.contains(&page), "{page}");
                }
            }
        }
    }
}

fn check_missing(target: &str, expected: &str) {
    let reply = get(&registry(), "example.org", target).unwrap();
    let body = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!(reply.status, 404, "{target}: {body}");
    assert_eq!(is_page(&reply), expected != "404", "{target}");
    assert!(body.contains(expected), "{target}: {body}");
}

/// Proves what is said of operations, languages and formats that do not exist.
#[test]
fn what_is_missing_is_named() {
    check_missing("/json/metadata?op=NoSuch", "There is no operation <b>NoSuch</b> here.");
    check_missing("/json/metadata?op=%3Cb%3E", "There is no operation <b>&lt;b&gt;</b> here.");
    check_missing("/clubs/json/metadata?op=TicketOrder", "no operation <b>TicketOrder</b>");
    check_missing("/json/metadata?op=TicketOrder&lang=cobol", "no language <b>cobol</b>");
    check_missing("/html/metadata?op=TicketOrder", "404");
    check_missing("/yaml/metadata", "404");
}

/// Proves that browsers are told to keep to the page, and caches to ask again.
#[test]
fn pages_are_bounded() {
    for target in ["/metadata", "/json/metadata?op=TicketOrder", "/json/metadata?op=NoSuch"] {
        let reply = get(&registry(), "example.org", target).unwrap();
        let policy = reply.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert_eq!(reply.header("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(reply.header("Referrer-Policy"), Some("no-referrer"));
        assert_eq!(reply.header("Cache-Control"), Some("no-cache"));
    }
}
