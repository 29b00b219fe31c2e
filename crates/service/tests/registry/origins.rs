//! What other sites and their scripts may do, and what is switched off.

use service::cors::{Cors, Origins};
use service::format::Format;
use service::negotiate::Negotiation;
use service::registry::RegistrySettings;
use service::reply::Reply;

use crate::{JSON, Request, answer, registry_with, text, with};

fn asked(settings: RegistrySettings, line: &str, headers: &[(&str, &str)]) -> Reply {
    with(&registry_with(settings), Request(line, headers, "{}"), |routed| match routed {
        Ok(matched) => matched.reply(&answer(), 200),
        Err(reply) => reply,
    })
}

fn check_options(path: &str, allow: Option<&str>) {
    let reply = asked(RegistrySettings::default(), &format!("OPTIONS {path}"), &[]);
    assert_eq!((reply.status, reply.body.len()), (200, 0), "{path}");
    assert_eq!(reply.header("Allow"), allow, "{path}");
    assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"), "{path}");
    let allowed = reply.header("Access-Control-Allow-Headers").unwrap();
    for name in ["Authorization", "Content-Type", "Idempotency-Key", "X-Api-Key"] {
        assert!(allowed.contains(name), "{name} of {allowed}");
    }
}

/// Proves that a browser may ask first, everywhere and without signing in.
#[test]
fn browsers_may_ask_first() {
    check_options("/v1/orders", Some("POST, PUT, OPTIONS"));
    check_options("/second/v1/orders/7", Some("GET, OPTIONS"));
    check_options("/api/Hello", Some("GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS"));
    check_options("/nothing/here", None);
    check_options("/metadata", None);
}

/// Proves that answers, errors and pages all say what sites may do, in the operator's words.
#[test]
fn every_answer_tells_sites() {
    let origin = ("Origin", "https://shop.example");
    for line in ["GET /hello/x", "GET /nothing", "GET /api/Nothing", "GET /metadata", "GET /api"] {
        let reply = asked(RegistrySettings::default(), line, &[origin]);
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some("*"), "{line}");
        assert!(reply.header("Access-Control-Allow-Credentials").is_none(), "{line}");
        let origins = Origins::Listed(vec![origin.1.to_owned()]);
        let cors = Some(Cors { origins, credentials: true });
        let settings = RegistrySettings { cors, ..RegistrySettings::default() };
        let reply = asked(settings, line, &[origin]);
        assert_eq!(reply.header("Access-Control-Allow-Origin"), Some(origin.1), "{line}");
        assert!(reply.header("Vary").unwrap().contains("Origin"), "{line}");
        let silent = RegistrySettings { cors: None, ..RegistrySettings::default() };
        assert!(asked(silent, line, &[origin]).header("Access-Control-Allow-Origin").is_none());
    }
}

fn check_jsonp(line: &str, status: u16, start: &str) {
    let reply = asked(RegistrySettings::default(), line, &[]);
    assert_eq!(reply.status, status, "{line}");
    assert!(text(&reply).starts_with(start), "{line}: {}", text(&reply));
}

/// Proves that a script gets nothing secret, changes nothing, and calls only a function.
#[test]
fn scripts_read_what_is_open() {
    check_jsonp("GET /hello/x?callback=a.b$1", 200, r#"a.b$1({"result""#);
    check_jsonp("GET /hello/x?callback=a(b)", 400, r#"{"responseStatus":{"errorCode":"Argument"#);
    check_jsonp("GET /hello/x.xml?callback=", 400, "{");
    check_jsonp("GET /v1/orders/7?callback=cb", 403, r#"{"ResponseStatus":{"ErrorCode":"Forb"#);
    check_jsonp("POST /hello/x?callback=cb", 200, r#"{"result""#);
    check_jsonp("GET /hello/x?callback=cb&callback=", 400, "{");
}

/// Proves that a format that is switched off is neither written nor read.
#[test]
fn formats_can_be_switched_off() {
    let settings = || {
        let switched_off = vec![Format::Csv, Format::Json];
        let negotiation = Negotiation { switched_off, ..Negotiation::with_html() };
        RegistrySettings { negotiation, ..RegistrySettings::default() }
    };
    for (line, headers, status) in [
        ("GET /hello/x.csv", &[][..], 403),
        ("GET /hello/x", &[("Accept", "text/csv")], 403),
        ("POST /hello/x.jsv", &[JSON], 403),
        ("GET /hello/x.jsv", &[], 200),
        ("GET /hello/x", &[], 200),
    ] {
        let reply = asked(settings(), line, headers);
        assert_eq!(reply.status, status, "{line} {}", text(&reply));
        assert!(status == 200 || text(&reply).contains("switched off"), "{}", text(&reply));
    }
}

/// Proves that only what is open and only reads is said to be safe to compress.
#[test]
fn secrets_are_not_public() {
    let public = |line| asked(RegistrySettings::default(), line, &[JSON]).is_public;
    assert!(public("GET /hello/x") && public("GET /metadata") && public("GET /api"));
    assert!(!public("PUT /v1/orders") && !public("GET /nothing"));
    let vary =
        |line| asked(RegistrySettings::default(), line, &[]).header("Vary").map(str::to_owned);
    assert_eq!(vary("GET /hello/x").as_deref(), Some("Accept, Accept-Encoding"));
    assert_eq!(vary("GET /v1/orders/7").as_deref(), Some("Accept"));
}
