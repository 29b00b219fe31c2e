//! Where a path leads.

use service::host::{Conventions, Host};
use service::negotiate::Negotiation;
use service::registry::{Registry, RegistryError, RegistrySettings};
use wire::NameStyle;

use crate::{HELLO, OrderResponse, Request, registry, registry_with, text, with};

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

/// Proves what a wrong verb and an unknown operation are answered.
#[test]
fn what_is_not_there_is_said() {
    check_route("DELETE /v1/orders", Err(404));
    check_route("DELETE /api/Order", Err(405));
    check_route("GET /api/Nothing", Err(405));
    check_route("GET /first/api/Order", Err(405));
    check_route("POST /api/Hello[]", Err(405));
    check_route("GET /requestinfo", Err(404));
    check_route("POST /metadata", Err(404));
    check_route("GET /first/camel/hello/x", Err(404));
    let reply = |line| {
        let request = Request(line, &[], "");
        with(&registry(), request, |routed| routed.map(|_| ()).unwrap_err())
    };
    assert_eq!(text(&reply("GET /nope")), "404");
    assert_eq!(reply("GET /nope").content_type.as_deref(), Some("text/plain"));
    assert_eq!(reply("GET /nope").header("vary"), Some("Accept"));
    let unknown = text(&reply("GET /api/Nothing"));
    assert!(
        unknown.contains("NotImplementedException") && unknown.contains("Nothing"),
        "{unknown}"
    );
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

fn check_page(line: &str, status: u16, location: Option<&str>) {
    with(&registry(), Request(line, &[], ""), |routed| {
        let page = routed.map(|_| ()).unwrap_err();
        assert_eq!((page.status, page.header("Location")), (status, location), "{line}");
    });
}

/// Proves that pages are found where no operation is, and that the index has one address.
#[test]
fn pages_stand_beside_operations() {
    check_page("GET /metadata", 200, None);
    check_page("HEAD /second/metadata", 200, None);
    check_page("GET /", 302, Some("/metadata"));
    check_page("GET /second", 302, Some("/second/metadata"));
    check_page("GET /metadata/", 301, Some("/metadata"));
    check_page("GET //evil.example/metadata/", 404, None);
    check_page("GET /snake/second/Metadata//", 301, Some("/snake/second/metadata"));
}

/// Proves that programs can list the operations, in the style that they ask for.
#[test]
fn operations_are_listed() {
    let listed = |line| {
        with(&registry(), Request(line, &[], ""), |routed| text(&routed.map(|_| ()).unwrap_err()))
    };
    let order = concat!(
        r#"{"Operations":[{"Name":"Order","Path":"/second/api/Order","#,
        r#""Routes":["GET /v1/orders/{OrderID}","POST,PUT,OPTIONS /v1/orders"],"#,
        r#""RequiresAuthentication":true}]}"#
    );
    assert_eq!(listed("GET /second/api"), order);
    let all = listed("GET /camel/api");
    assert!(
        all.contains(r#""path":"/camel/api/Hello""#) && all.contains(r#""name":"Order""#),
        "{all}"
    );
}

/// Proves that a path can choose how names are written, in answers and in errors.
#[test]
fn the_path_can_choose_the_style() {
    let answered = |line| {
        with(&registry(), Request(line, &[], ""), |routed| match routed {
            Ok(matched) => {
                text(&matched.reply(&OrderResponse { paid: true, ..OrderResponse::default() }, 200))
            }
            Err(reply) => text(&reply),
        })
    };
    assert_eq!(answered("GET /v1/orders/7"), r#"{"Paid":true}"#);
    assert_eq!(answered("GET /camel/v1/orders/7"), r#"{"paid":true}"#);
    assert_eq!(answered("GET /Camel/second/api/Order?OrderID=7"), r#"{"paid":true}"#);
    let unknown = answered("GET /snake/second/api/Nothing");
    assert!(unknown.starts_with(r#"{"response_status":{"error_code":"#), "{unknown}");
}
