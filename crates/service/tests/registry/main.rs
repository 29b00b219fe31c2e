//! Requests from path to answer, on two small hosts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use service::Dto;
use service::exchange::{Exchange, HeaderPairs};
use service::host::{Conventions, Host};
use service::matched::Matched;
use service::negotiate::Negotiation;
use service::operation::{Effect, Operation, Route};
use service::registry::{Registry, RegistryError, RegistrySettings};
use service::reply::Reply;
use service::status::{ResponseStatus, ServiceError};
use service::types::SecretText;
use wire::NameStyle;

#[derive(Debug, Default, PartialEq, Dto)]
struct Hello {
    name: Option<String>,
    age: i32,
    card: Option<Card>,
}

#[derive(Debug, Default, PartialEq, Dto)]
struct Card {
    pan: Option<SecretText>,
    year: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct HelloResponse {
    result: Option<String>,
    times: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct Order {
    #[dto(name = "OrderID")]
    order_id: Option<String>,
    count: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct OrderResponse {
    response_status: Option<ResponseStatus>,
    paid: bool,
    note: Option<String>,
}

static HELLO: Operation = Operation {
    routes: &[Route::new("GET POST", "/hello/{Name}"), Route::new("", "/files/{Name*}")],
    has_secrets: false,
    card_members: &["Card"],
    ..Operation::of::<Hello, HelloResponse>()
};

static ORDER: Operation = Operation {
    routes: &[
        Route::new("GET", "/v1/orders/{OrderID}"),
        Route::new("POST,PUT,OPTIONS", "/v1/orders"),
    ],
    effect: Effect::Writes,
    ..Operation::of::<Order, OrderResponse>()
};

fn registry_with(settings: RegistrySettings) -> Registry {
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

fn registry() -> Registry {
    registry_with(RegistrySettings::default())
}

/// One request: `VERB target`, headers and body.
#[derive(Clone, Copy)]
struct Request<'t>(&'t str, &'t [(&'t str, &'t str)], &'t str);

const JSON: (&str, &str) = ("Content-Type", "application/json");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Shows what becomes of a request: the match, or the answer sent instead.
fn with<R>(
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

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

/// The operation a request line means, or the status it is answered with.
fn check_route(line: &str, expected: Result<&str, u16>) {
    let found = with(&registry(), Request(line, &[], ""), |routed| {
        routed.map(|matched| matched.operation.name()).map_err(|reply| reply.status)
    });
    assert_eq!(found, expected, "{line}");
}

/// Proves that user routes and pre-defined routes answer at the root and below their base path.
#[test]
fn routes_stand_at_root_and_base_path() {
    check_route("GET /hello/x", Ok("Hello"));
    check_route("GET /first/HELLO/x.jsv", Ok("Hello"));
    check_route("GET /second/hello/x", Err(404));
    check_route("PUT /v1/orders", Ok("Order"));
    check_route("PUT /second/v1/orders", Ok("Order"));
    check_route("GET /json/reply/hello", Ok("Hello"));
    check_route("GET /first/jsv/oneway/Hello", Ok("Hello"));
    check_route("POST /api/Order", Ok("Order"));
    check_route("POST /second/api/order.xml", Ok("Order"));
    check_route("POST /files/a/b.json", Ok("Hello"));
}

/// Proves what a wrong verb, an unknown operation and a preflight are answered.
#[test]
fn what_is_not_there_is_said() {
    check_route("DELETE /v1/orders", Err(404));
    check_route("GET /", Err(404));
    check_route("DELETE /api/Order", Err(405));
    check_route("GET /api/Nothing", Err(405));
    check_route("GET /first/api/Order", Err(405));
    check_route("POST /api/Hello[]", Err(405));
    check_route("OPTIONS /v1/orders", Err(200));
    check_route("OPTIONS /hello/x", Err(200));
    let reply = |line| {
        let request = Request(line, &[], "");
        with(&registry(), request, |routed| routed.map(|_| ()).unwrap_err())
    };
    assert_eq!(text(&reply("GET /nope")), "404");
    assert_eq!(reply("GET /nope").content_type.as_deref(), Some("text/plain"));
    assert_eq!(reply("GET /nope").header("vary"), Some("Accept"));
    assert_eq!(reply("OPTIONS /v1/orders").header("allow"), Some("GET, POST, PUT, OPTIONS"));
    let unknown = text(&reply("GET /api/Nothing"));
    assert!(
        unknown.contains("NotImplementedException") && unknown.contains("Nothing"),
        "{unknown}"
    );
}

fn check_bind(request: Request<'_>, expected: (Option<&str>, i32)) {
    let hello = with(&registry(), request, |routed| routed.unwrap().bind::<Hello>().unwrap());
    assert_eq!((hello.name.as_deref(), hello.age), expected, "{}", request.0);
}

/// Proves which source wins: on user routes the later one, on pre-defined routes the body.
#[test]
fn sources_are_read_in_order() {
    let body = r#"{"name":"Body","age":3}"#;
    check_bind(Request("POST /hello/Path", &[JSON], body), (Some("Path"), 3));
    check_bind(Request("POST /hello/Path?NAME=Query", &[JSON], body), (Some("Query"), 3));
    check_bind(Request("POST /hello/Path?name=", &[JSON], body), (Some("Body"), 3));
    check_bind(Request("POST /hello/P?name=Q", &[FORM], "name=Form&age=4"), (Some("Form"), 4));
    check_bind(Request("POST /hello/Path", &[], body), (Some("Path"), 0));
    check_bind(Request("GET /hello/J%C3%B3n", &[], ""), (Some("Jón"), 0));
    check_bind(Request("POST /json/reply/Hello?name=Q", &[], "{}"), (Some("Q"), 0));
    check_bind(Request("POST /api/Hello?name=Q&age=7", &[], body), (Some("Body"), 3));
    check_bind(Request("POST /jsv/reply/Hello", &[JSON], "{name:J,age:5}"), (Some("J"), 5));
    check_bind(Request("GET /api/Hello?name=Q&age=5&other=x", &[], ""), (Some("Q"), 5));
    let headers = [("x-param-override-name", "Header")];
    check_bind(Request("GET /hello/Path?name=Query", &headers, ""), (Some("Header"), 0));
}

/// Proves that a header can replace the verb before the route is looked for.
#[test]
fn verb_can_be_overridden() {
    let headers = [("X-Http-Method-Override", "PUT")];
    let verb = with(&registry(), Request("POST /v1/orders", &headers, ""), |routed| {
        routed.unwrap().verb().to_owned()
    });
    assert_eq!(verb, "PUT");
}

fn bind_error<T: wire::Record + std::fmt::Debug>(
    registry: &Registry,
    request: Request<'_>,
) -> (u16, String, Vec<String>) {
    let error = with(registry, request, |routed| routed.unwrap().bind::<T>().unwrap_err());
    let fields = error.fields.iter().map(|field| field.field.clone()).collect();
    (error.status, error.code.into_owned(), fields)
}

/// Proves that parameters are always strict, and bodies of writing operations unless set otherwise.
#[test]
fn unreadable_values_are_refused() {
    let unreadable = |fields: &[&str]| {
        let fields: Vec<_> = fields.iter().map(|field| (*field).to_owned()).collect();
        (400, "SerializationException".to_owned(), fields)
    };
    let registry = registry();
    let request = Request("GET /hello/x?age=abc", &[], "");
    assert_eq!(bind_error::<Hello>(&registry, request), unreadable(&["Age"]));
    let writing = Request("POST /v1/orders", &[JSON], r#"{"Count":"abc"}"#);
    assert_eq!(bind_error::<Order>(&registry, writing), unreadable(&["Count"]));
    check_bind(Request("POST /hello/x", &[JSON], r#"{"age":"abc"}"#), (Some("x"), 0));
    let lenient = registry_with(RegistrySettings { lenient: true, ..RegistrySettings::default() });
    let order = with(&lenient, writing, |routed| routed.unwrap().bind::<Order>().unwrap());
    assert_eq!(order.count, 0);
    let broken = Request("POST /v1/orders", &[JSON], "[1]");
    assert_eq!(bind_error::<Order>(&registry, broken), unreadable(&[]));
    let bytes = Request("GET /hello/x?name=%ff", &[], "");
    assert_eq!(bind_error::<Hello>(&registry, bytes), unreadable(&[]));
}

/// Proves that card data is refused in a URL, before anything is read, and taken from a body.
#[test]
fn card_data_has_no_place_in_a_url() {
    let request = Request("GET /hello/x?card={pan:4242424242424242}", &[], "");
    let (status, code, _) = bind_error::<Hello>(&registry(), request);
    assert_eq!((status, code.as_str()), (400, "CardDataInUrl"));
    let body = Request("POST /hello/x", &[JSON], r#"{"card":{"pan":4242424242424242}}"#);
    let hello = with(&registry(), body, |routed| routed.unwrap().bind::<Hello>().unwrap());
    let pan = hello.card.and_then(|card| card.pan).unwrap();
    assert_eq!(pan.expose(), "4242424242424242");
}

/// Proves that a message quotes what was wrong, but never a parameter that may hold a secret.
#[test]
fn messages_quote_no_secrets() {
    let message = |request| {
        let bind = |routed: Result<Matched<'_, '_>, Reply>| routed.unwrap().bind::<Hello>();
        let error = with(&registry(), request, bind).unwrap_err();
        error.fields[0].message.clone()
    };
    let plain = message(Request("GET /hello/x?age=abc", &[], ""));
    assert!(plain.contains("'abc'"), "{plain}");
    let body = "card={pan:4242424242424242,year:abc}";
    let secret = message(Request("POST /hello/x", &[FORM], body));
    assert!(secret.contains("Card") && !secret.contains("4242"), "{secret}");
}

fn check_unserved(request: Request<'_>, content_type: &str) {
    let error = with(&registry(), request, |routed| routed.unwrap().bind::<Hello>().unwrap_err());
    assert_eq!((error.status, error.code.as_ref()), (405, "NotSupportedException"));
    assert!(error.message.contains(content_type), "{}", error.message);
}

/// Proves that formats without reader or writer are answered clearly.
#[test]
fn unserved_formats_are_named() {
    check_unserved(Request("GET /hello/x.csv", &[], ""), "text/csv");
    let xml = ("Content-Type", "application/xml");
    check_unserved(Request("POST /hello/x?format=json", &[xml], "<Hello/>"), "application/xml");
    let multipart = ("Content-Type", "multipart/form-data; boundary=x");
    check_unserved(Request("POST /hello/x", &[multipart], "--x"), "multipart/form-data");
}

fn answer() -> HelloResponse {
    HelloResponse { result: Some("Hi".to_owned()), times: 2 }
}

fn check_reply(line: &str, content_type: &str, body: &str) {
    let reply =
        with(&registry(), Request(line, &[], ""), |routed| routed.unwrap().reply(&answer(), 200));
    assert_eq!((reply.status, reply.content_type.as_deref()), (200, Some(content_type)), "{line}");
    assert_eq!(text(&reply), body, "{line}");
    assert_eq!(reply.header("Vary"), Some("Accept"));
}

/// Proves the answer in every format that is written, and the per-request options.
#[test]
fn answers_take_the_format_that_was_asked_for() {
    let json = "application/json; charset=utf-8";
    check_reply("GET /hello/x", json, r#"{"result":"Hi","times":2}"#);
    check_reply("GET /hello/x.jsv", "application/jsv", "{result:Hi,times:2}");
    check_reply(
        "GET /hello/x?format=xml",
        "application/xml",
        concat!(
            r#"<?xml version="1.0" encoding="utf-8"?><HelloResponse "#,
            r#"xmlns:i="http://www.w3.org/2001/XMLSchema-instance" "#,
            r#"xmlns="http://schemas.servicestack.net/types">"#,
            "<Result>Hi</Result><Times>2</Times></HelloResponse>",
        ),
    );
    check_reply("GET /hello/x?jsconfig=epcn", json, r#"{"Result":"Hi","Times":2}"#);
    check_reply("GET /hello/x?callback=cb", "text/javascript", r#"cb({"result":"Hi","times":2})"#);
    check_reply("GET /hello/x?callback=a(b)", json, r#"{"result":"Hi","times":2}"#);
    check_reply("POST /hello/x?callback=cb", json, r#"{"result":"Hi","times":2}"#);
}

/// Proves that nobody waits for the answer to a one-way call.
#[test]
fn one_way_calls_get_nothing_back() {
    let request = Request("POST /json/oneway/Hello", &[], "{}");
    let reply = with(&registry(), request, |routed| routed.unwrap().reply(&answer(), 200));
    assert_eq!((reply.status, reply.body.len(), reply.content_type), (204, 0, None));
}

fn failed(line: &str, error: &ServiceError) -> Reply {
    with(&registry(), Request(line, &[], ""), |routed| routed.unwrap().fail(error))
}

/// Proves that an error takes the shape of the response type where that has a place for it.
#[test]
fn errors_follow_the_response_type() {
    let error = ServiceError::new(404, "OrderNotFound", "There is no such order.");
    let reply = failed("GET /v1/orders/7", &error);
    assert_eq!((reply.status, reply.reason.as_deref()), (404, Some("OrderNotFound")));
    let status = r#"{"ErrorCode":"OrderNotFound","Message":"There is no such order."}"#;
    assert_eq!(text(&reply), format!(r#"{{"ResponseStatus":{status},"Paid":false}}"#));
    let argument = ServiceError::argument("Name", "bad");
    assert_eq!(
        text(&failed("GET /hello/x", &argument)),
        concat!(
            r#"{"responseStatus":{"errorCode":"ArgumentException","#,
            r#""message":"bad (Parameter 'Name')","#,
            r#""errors":[{"errorCode":"ArgumentException","fieldName":"Name","message":"bad"}]}}"#,
        )
    );
    let jsv = text(&failed("GET /hello/x.jsv", &error));
    let expected = "{responseStatus:{errorCode:OrderNotFound,message:There is no such order.}}";
    assert_eq!(jsv, expected);
}

/// Proves that a script sees an error as well as an answer, and an unwritten format gets JSON.
#[test]
fn errors_reach_every_caller() {
    let error = ServiceError::not_authenticated();
    let wrapped = failed("GET /hello/x?callback=cb", &error);
    assert_eq!(wrapped.status, 200);
    assert!(text(&wrapped).starts_with(r#"cb({"responseStatus":"#), "{}", text(&wrapped));
    let csv = failed("GET /hello/x.csv", &error);
    assert_eq!(csv.content_type.as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!(csv.status, 401);
}

/// Proves that an operation without code says its name.
#[test]
fn unserved_operations_are_named() {
    let request = Request("GET /hello/x", &[], "");
    let reply = with(&registry(), request, |routed| routed.unwrap().not_implemented());
    assert_eq!(reply.status, 405);
    assert!(text(&reply).contains("'Hello'"), "{}", text(&reply));
}

/// Proves that the page feature and the powered-by header are settings.
#[test]
fn settings_decide() {
    let settings = RegistrySettings {
        negotiation: Negotiation::with_html(),
        powered_by: Some("Test/1".to_owned()),
        ..RegistrySettings::default()
    };
    let registry = registry_with(settings);
    let found = with(&registry, Request("GET /hello/x", &[], ""), |routed| {
        let matched = routed.unwrap();
        (matched.response_format.key(), matched.no_content())
    });
    assert_eq!(found.0, "html");
    assert_eq!(found.1.header("X-Powered-By"), Some("Test/1"));
}

/// Proves that contradictory declarations are refused when the server starts.
#[test]
fn contradictions_are_refused() {
    let host = Host {
        title: String::new(),
        base_path: "/twice",
        names: NameStyle::Camel,
        properties_optional: false,
        conventions: Conventions::default(),
        operations: vec![&HELLO, &HELLO],
    };
    let error = Registry::new(vec![host], RegistrySettings::default()).unwrap_err();
    assert!(matches!(error, RegistryError::DuplicateOperation { operation: "Hello", .. }));
}

proptest! {
    /// Proves that no request, however malformed, does more than be answered.
    #[test]
    fn any_request_is_answered(
        verb in "GET|POST|OPTIONS|[A-Z]{1,5}",
        path in "(/(hello|files|api|json|reply|first|camel|Hello|x|%[0-9a-f]{0,2}|[.%a-z]{0,8})){0,6}",
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
