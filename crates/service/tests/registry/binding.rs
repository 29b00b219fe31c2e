//! What a request is read into.

use service::matched::Matched;
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;

use crate::{FORM, Hello, JSON, Order, Request, registry, registry_with, with};

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
    let checked = with(&registry, bytes, |routed| routed.unwrap().check_url().unwrap_err());
    assert_eq!((checked.status, checked.code.as_ref()), (400, "SerializationException"));
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

/// Proves that every format is read that is written, and both kinds of form.
#[test]
fn bodies_come_in_every_format() {
    let body = |content_type, body| {
        check_bind(Request("POST /files", &[("Content-Type", content_type)], body), (Some("J"), 5));
    };
    body("application/json; charset=utf-8", r#"{"Name":"J","age":5}"#);
    body("text/jsv", "{name:J,age:5}");
    body("text/csv", "age,NAME\r\n5,J\r\n");
    body("text/jsonl", "{\"name\":\"J\",\"age\":5}\n");
    body("application/xml", "<Hello><Age>5</Age><Name>J</Name></Hello>");
    let field = |name, value| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let multipart = format!("{}{}--b--\r\n", field("Name", "J"), field("age", "5"));
    body("multipart/form-data; boundary=b", &multipart);
    let xml = ("Content-Type", "text/xml");
    check_bind(
        Request("POST /xml/reply/Hello", &[xml], "<Hello><Name>J</Name></Hello>"),
        (Some("J"), 0),
    );
}

fn check_broken(content_type: &str, body: &str) {
    let request = Request("POST /hello/x", &[("Content-Type", content_type)], body);
    let (status, code, _) = bind_error::<Hello>(&registry(), request);
    assert_eq!((status, code.as_str()), (400, "SerializationException"), "{content_type}");
}

/// Proves that a body that is not what it says is refused in every format.
#[test]
fn broken_bodies_are_refused() {
    check_broken("application/json", "{\"a\"");
    check_broken("application/json", "[");
    check_broken("text/jsv", "x");
    check_broken("text/jsonl", "[1]");
    check_broken("application/xml", "<Hello><Name></Hello>");
    check_broken("application/xml", "<!DOCTYPE x><Hello/>");
    check_broken("multipart/form-data", "--b--");
    check_broken("multipart/form-data; boundary=b", "nonsense");
}

/// Proves that a header that sets a parameter may not hold a card either: proxies log headers.
#[test]
fn card_data_has_no_place_in_a_header() {
    let headers = [("X-Param-Override-Card", "{pan:4242424242424242}")];
    let (status, code, _) =
        bind_error::<Hello>(&registry(), Request("POST /hello/x", &headers, ""));
    assert_eq!((status, code.as_str()), (400, "CardDataInUrl"));
}

/// Proves that where something may change no body is passed over in silence.
#[test]
fn an_unread_body_is_refused() {
    let check = |content_type: &'static str, body, expected| {
        let request = Request("POST /v1/orders", &[("Content-Type", content_type)], body);
        let (status, code, _) = bind_error::<Order>(&registry(), request);
        assert_eq!((status, code.as_str()), expected, "{content_type}: {body}");
    };
    check("text/plain", "OrderID=1", (415, "UnsupportedMediaType"));
    check("", "{\"OrderID\":1}", (415, "UnsupportedMediaType"));
    let form = "application/x-www-form-urlencoded";
    check(form, " {\"OrderID\":\"1\"}", (400, "SerializationException"));
    let text = Request("POST /hello/x", &[("Content-Type", "text/plain")], "anything");
    assert!(with(&registry(), text, |routed| routed.unwrap().bind::<Hello>()).is_ok());
}
