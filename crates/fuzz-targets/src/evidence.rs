//! What a request shows of who sends it: keys, passwords, tokens, cookies.

use std::sync::LazyLock;

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use server::access::evidence::{Evidence, Way, of};
use server::access::token::{TokenKind, Tokens, looks_like_token};
use server::keys::token_key;
use service::exchange::{Exchange, HeaderPairs};

use crate::exchange::{REGISTRY, parted};

/// With a key that no input knows.
static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder can be made");
    Tokens::new(token_key(folder.path()).expect("a key can be made"))
});

/// The first line is `VERB PATH?QUERY`, then headers.
pub(crate) fn evidence(input: &[u8]) {
    let Some((head, _)) = parted(input) else { return };
    let mut lines = head.lines();
    let (verb, target) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let headers = HeaderPairs(&pairs);
    let exchange = Exchange { verb, query, headers: &headers, ..Exchange::get(path) };
    let Ok(matched) = REGISTRY.route(&exchange) else { return };
    let headers = map(&pairs);
    let Some((evidence, way)) = of(&headers, &matched) else { return };
    match way {
        Way::Query => assert_eq!(matched.operation.name(), "ContractSoldEndpoint"),
        Way::Cookie => assert!(headers.contains_key("cookie")),
        Way::Header => {}
    }
    check(&evidence, way);
}

fn check(evidence: &Evidence<'_>, way: Way) {
    match evidence {
        Evidence::Key(_) => assert_ne!(way, Way::Cookie, "a browser sends a key by itself"),
        Evidence::Token(text) => {
            assert!(way == Way::Cookie || looks_like_token(text));
            for kind in [TokenKind::Bearer, TokenKind::Refresh] {
                assert!(TOKENS.read(text, kind).is_none(), "a made-up token is taken");
            }
        }
        Evidence::Password(name, password) => {
            assert!(way == Way::Header && !name.contains(':') && !password.is_empty());
        }
        Evidence::Session(id) => assert!(!id.is_empty() && !id.contains(['\r', '\n', '\0'])),
    }
}

/// What a server would see of the headers.
fn map(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    headers
}
