//! Requests from path to answer, on two small hosts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod batches;
mod binding;
mod origins;
mod routes;

use proptest::prelude::*;
use service::Dto;
use service::exchange::{Exchange, HeaderPairs};
use service::host::{Conventions, Host};
use service::matched::Matched;
use service::negotiate::Negotiation;
use service::operation::{Effect, Operation, Route};
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;
use service::status::ResponseStatus;
use service::types::SecretText;
use wire::NameStyle;

#[derive(Debug, Default, PartialEq, Dto)]
pub(crate) struct Hello {
    pub(crate) name: Option<String>,
    pub(crate) age: i32,
    pub(crate) card: Option<Card>,
}

#[derive(Debug, Default, PartialEq, Dto)]
pub(crate) struct Card {
    pub(crate) pan: Option<SecretText>,
    pub(crate) year: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct HelloResponse {
    pub(crate) result: Option<String>,
    pub(crate) times: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Order {
    #[dto(name = "OrderID")]
    pub(crate) order_id: Option<String>,
    pub(crate) count: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct OrderResponse {
    pub(crate) response_status: Option<ResponseStatus>,
    pub(crate) paid: bool,
    pub(crate) note: Option<String>,
}

pub(crate) static HELLO: Operation = Operation {
    routes: &[Route::new("GET POST", "/hello/{Name}"), Route::new("", "/files/{Name*}")],
    has_secrets: false,
    card_members: &["Card"],
    ..Operation::of::<Hello, HelloResponse>()
};

pub(crate) static ORDER: Operation = Operation {
    routes: &[
        Route::new("GET", "/v1/orders/{OrderID}"),
        Route::new("POST,PUT,OPTIONS", "/v1/orders"),
    ],
    effect: Effect::Writes,
    ..Operation::of::<Order, OrderResponse>()
};

pub(crate) fn registry_with(settings: RegistrySettings) -> Registry {
    let host = |base_path, names, operation| Host {
        title: "Test".to_owned(),
        base_path,
        names,
        properties_optional: false,
        conventions: Conventions::default(),
        operations: vec![operation],
    };
    let hosts =
        vec![host("/first", NameStyle::Camel, &HELLO), host("/second", NameStyle::Pascal, &ORDER)];
    Registry::new(hosts, settings).unwrap()
}

/// The same service with pages for people.
pub(crate) fn pages() -> Registry {
    let negotiation = Negotiation::with_html();
    registry_with(RegistrySettings { negotiation, ..RegistrySettings::default() })
}

pub(crate) fn registry() -> Registry {
    registry_with(RegistrySettings::default())
}

/// One request: `VERB target`, headers and body.
#[derive(Clone, Copy)]
pub(crate) struct Request<'t>(
    pub(crate) &'t str,
    pub(crate) &'t [(&'t str, &'t str)],
    pub(crate) &'t str,
);

pub(crate) const JSON: (&str, &str) = ("Content-Type", "application/json");
pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Shows what becomes of a request: the match, or the answer sent instead.
pub(crate) fn with<R>(
    registry: &Registry,
    Request(line, headers, body): Request<'_>,
    look: impl FnOnce(Result<Matched<'_, '_>, Reply>) -> R,
) -> R {
    let (verb, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = &HeaderPairs(headers);
    let body = body.as_bytes();
    let exchange = Exchange { verb, query, headers, body, ..Exchange::get(path) };
    look(registry.route(&exchange))
}

pub(crate) fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

pub(crate) fn answer() -> HelloResponse {
    HelloResponse { result: Some("Hi".to_owned()), times: 2 }
}

proptest! {
    /// Proves that no request, however malformed, does more than be answered.
    #[test]
    fn any_request_is_answered(
        verb in "GET|POST|OPTIONS|[A-Z]{1,5}",
        path in "(/(hello|files|api|json|reply|first|camel|%[0-9a-f]{0,2}|[.%a-z]{0,8})){0,6}",
        query in "([a-z%+=&{}\\[\\]:,]|name=|age=|format=|callback=|jsconfig=){0,12}",
        content_type in "application/(json|jsv|xml|x-www-form-urlencoded)|[ -~]{0,12}",
        body in "[{}\\[\\]:,\"a-z0-9=&%]{0,40}",
    ) {
        let line = format!("{verb} {path}?{query}");
        let headers = [("Content-Type", content_type.as_str()), ("Accept", body.as_str())];
        let status = with(&registry(), Request(&line, &headers, &body), |routed| match routed {
            Ok(matched) => match matched.bind::<Hello>() {
                Ok(_) => matched.reply(&answer(), 200).status,
                Err(error) => matched.fail(&error).status,
            },
            Err(reply) => reply.status,
        });
        prop_assert!((200..500).contains(&status), "{}", status);
    }
}
