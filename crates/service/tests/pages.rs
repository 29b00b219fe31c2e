//! Pages of a small service that has everything a page can show.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use service::Dto;
use service::access::Access;
use service::exchange::{Exchange, HeaderPairs};
use service::format::Format;
use service::host::{Conventions, Host};
use service::negotiate::Negotiation;
use service::operation::{Operation, Route};
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;
use service::types::Map;
use wire::NameStyle;

#[derive(Debug, Default, PartialEq, Dto)]
struct Find {
    customer_id: i32,
    #[dto(description = "Words <to> find\nand more", required)]
    words: Option<String>,
    #[dto(parameter = "header")]
    trace: Option<String>,
    colour: Option<Colour>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Dto)]
enum Colour {
    #[default]
    #[dto(value = 1)]
    Red,
    #[dto(value = 5, member = "sea blue")]
    Blue,
}

#[derive(Debug, Default, PartialEq, Dto)]
struct Found {
    items: Option<Vec<Option<Item>>>,
    by_name: Option<Map<String, Option<Item>>>,
    more: Option<Vec<Option<Found>>>,
}

#[derive(Debug, Default, PartialEq, Dto)]
struct Item {
    name: Option<String>,
}

#[derive(Debug, Default, PartialEq, Dto)]
struct Secretly {
    id: i32,
}

static FIND: Operation = Operation {
    routes: &[
        Route::new("GET", "/customers/{CustomerId}").summary("Finds & lists").notes("Long"),
        Route::new("", "/find"),
    ],
    description: Some("Finds <b>items</b>"),
    tags: &["search", "<tag>"],
    access: Access {
        all_roles: &["Clerk"],
        any_role: &["A", "B", "A"],
        all_permissions: &["Read", "List"],
        any_permission: &["One"],
        ..Access::OPEN
    },
    ..Operation::of::<Find, Found>()
};
static HIDDEN: Operation = Operation {
    routes: &[Route::new("GET", "/secretly")],
    is_hidden: true,
    ..Operation::of::<Secretly, Item>()
};

fn registry() -> Registry {
    let host = Host {
        title: "Finder & <Co>".to_owned(),
        base_path: "/finder",
        names: NameStyle::Camel,
        operations: vec![&HIDDEN, &FIND],
        properties_optional: false,
        conventions: Conventions::default(),
    };
    let settings =
        RegistrySettings { negotiation: Negotiation::with_html(), ..RegistrySettings::default() };
    Registry::new(vec![host], settings).unwrap()
}

fn get(target: &str) -> Reply {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = &HeaderPairs(&[("Accept", "text/html")]);
    let exchange = Exchange { query, headers, ..Exchange::get(path) };
    registry().route(&exchange).err().unwrap()
}

fn body(target: &str) -> String {
    let reply = get(target);
    assert_eq!(reply.status, 200, "{target}");
    String::from_utf8(reply.body).unwrap()
}

/// Asserts that the texts are on the page, in that order.
fn check(target: &str, expected: &[&str]) {
    let page = body(target);
    let mut rest = page.as_str();
    for text in expected {
        let position = rest.find(text).unwrap_or_else(|| panic!("{text} is not in {rest}"));
        rest = &rest[position + text.len()..];
    }
}

/// Proves what stands on an operation's page, in its order.
#[test]
fn operation_page_shows_everything() {
    check(
        "/finder/json/metadata?op=find",
        &[
            "<title>Finder &amp; &lt;Co&gt;</title>",
            "<h1>Finder &amp; &lt;Co&gt;</h1>",
            "<a href=\"/finder/metadata\">&lt;back to all web services</a>",
            "<h2>Find</h2>",
            "search</span>",
            "&lt;tag&gt;</span>",
            "<h3 id=\"desc\">Finds &lt;b&gt;items&lt;/b&gt;</h3>",
            "<caption>Requires Authentication</caption>",
            "Required role(s):</th><td>Clerk</td>",
            "Requires any of the roles:</th><td>A, B, A</td>",
            "Required permission(s):</th><td>Read, List</td>",
            "Requires the permission:</th><td>One</td>",
            "<caption>The following routes are available for this service:</caption>",
            "<td>GET</td>",
            "/finder/customers/{CustomerId}</th>",
            "Finds &amp; lists</td>",
            "<em>Long</em>",
            "<td>All Verbs</td>",
            "/finder/find</th>",
            "aria-current=\"page\">Metadata</a>",
            "<caption>Find Parameters:</caption>",
            "customerId</th><td>path</td>",
            "int</td><td>Yes</td>",
            "words</th><td>body</td>",
            "string</td><td>Yes</td><td class=\"long\">Words &lt;to&gt; find\nand more</td>",
            "trace</th><td>header</td>",
            "Colour?</td><td>No</td>",
            "<caption>Colour Enum:</caption>",
            "Red</th><td>1</td>",
            "sea blue</th><td>5</td>",
            "<caption>Found Parameters:</caption>",
            "List&lt;Item&gt;</td>",
            "Dictionary&lt;string,Item&gt;</td>",
            "<caption>Item Parameters:</caption>",
            "append the <b>.json</b> suffix or <b>?format=json</b>",
            "append <b>?callback=myCallback</b>",
            "<h3>HTTP + JSON</h3>",
            "POST /finder/find HTTP/1.1 \nHost: localhost ",
        ],
    );
}

/// Proves that XML samples are laid out, and that plugin formats show JSON on one line.
#[test]
fn samples_are_laid_out() {
    check(
        "/xml/metadata?op=Find",
        &[
            "HTTP + XML",
            "POST /find HTTP/1.1 \n",
            "Content-Type: application/xml\nContent-Length: length\n\n",
            "?&gt;\n&lt;Find xmlns",
            "&gt;\n  &lt;Colour",
            "&gt;\n  &lt;CustomerId&gt;0&lt;/CustomerId&gt;\n",
            "&gt;\n&lt;/Find&gt;</pre>",
        ],
    );
    for format in ["csv", "jsonl"] {
        let target = format!("/{format}/metadata?op=Find");
        let content_type = format!("Content-Type: text/{format}\n");
        check(&target, &[&content_type, "\n\n{&quot;customerId&quot;:0,&quot;words&quot;"]);
    }
}

/// Proves that a name style asked for by the path is the page's, links included.
#[test]
fn pages_follow_the_style_of_the_path() {
    check(
        "/snake/finder/json/metadata?op=Find&lang=python",
        &[
            "href=\"/snake/finder/metadata\"",
            "/snake/finder/find</th>",
            "href=\"/snake/finder/types/python?IncludeTypes=Find.*\">Python Find DTOs</a>",
            "POST /snake/finder/find HTTP/1.1",
            "customer_id",
        ],
    );
}

/// Proves what the list says of an operation, also to those who see no lock.
#[test]
fn list_says_what_is_needed() {
    let needs = "Requires Roles: Clerk, A?, B?; Requires Permissions: Read, List, One?";
    let seen = format!("title=\"{needs}\"");
    let heard = format!("<span class=\"unseen\"> {needs}</span>");
    let link = |format: &str| format!("<a href=\"/finder/{format}/metadata?op=Find\">{format}</a>");
    let links = ["json", "xml", "jsv", "csv", "jsonl"].map(link);
    let mut expected = vec!["<h2>Operations</h2>", "/finder/ui/Find\">Find</a>", &seen, &heard];
    expected.extend(links.iter().map(String::as_str));
    expected.extend(["API Explorer", "Clients Overview", "Plugin Links:", "Debug Info:"]);
    for target in ["/finder/metadata", "/finder/csv/metadata", "/FINDER/Metadata"] {
        check(target, &expected);
    }
    assert!(!body("/metadata").contains("html/metadata"));
}

/// Proves that a hidden operation is served but shown nowhere.
#[test]
fn hidden_operations_stay_hidden() {
    assert!(registry().route(&Exchange::get("/secretly")).is_ok());
    assert_eq!(get("/json/metadata?op=Secretly").status, 404);
    let pages = ["/metadata", "/operations/metadata", "/metadata/app", "/types/python", "/api"];
    for target in pages.into_iter().chain(["/types/metadata", "/openapi.json"]) {
        let page = body(target);
        assert!(!page.to_ascii_lowercase().contains("secretly"), "{target}: {page}");
        assert!(target == "/types" || page.contains("Find"), "{target}: {page}");
    }
}

/// Proves that the descriptions for programs can be had in every format, by suffix and by query.
#[test]
fn descriptions_are_written_in_every_format() {
    for format in Format::BUILT_IN {
        let key = format.key();
        for path in ["/metadata/app", "/metadata/nav", "/operations/metadata"] {
            let by_suffix = get(&format!("{path}.{key}"));
            assert_eq!(by_suffix, get(&format!("{path}?format={key}")), "{path}.{key}");
            let content_type = by_suffix.content_type.unwrap();
            let expected = if format == Format::Html { Format::Json } else { format };
            assert!(content_type.starts_with(expected.content_type()), "{content_type}");
        }
    }
    assert_eq!(get("/metadata/app.yaml").status, 404);
}

fn json(target: &str) -> serde_json::Value {
    serde_json::from_str(&body(target)).unwrap()
}

/// Proves what programs read of the service.
#[test]
fn programs_read_everything() {
    let operations = json("/finder/operations/metadata");
    let expected = serde_json::json!([{
        "name": "Find",
        "responseName": "Found",
        "serviceName": "Finder & <Co>",
        "actions": ["GET", "POST", "PUT", "PATCH", "DELETE"],
        "routes": { "/finder/customers/{CustomerId}": "GET", "/finder/find": "" },
        "requiresAuth": true,
    }]);
    assert_eq!(operations, expected);
    let app = json("/metadata/app.json");
    assert_eq!(app["app"]["serviceName"], "Guichet");
    assert_eq!(app["app"]["baseUrl"], "http://localhost");
    assert_eq!(app["contentTypeFormats"]["csv"], "text/csv");
    assert_eq!(app["languages"]["python"], "Python");
    assert_eq!(app["hosts"][0]["nameStyle"], "Camel");
    assert_eq!(app["hosts"][0]["operations"], serde_json::json!(["Find"]));
    let operation = &app["api"]["operations"][0];
    assert_eq!(operation["request"]["name"], "Find");
    assert_eq!(operation["tags"], serde_json::json!(["search", "<tag>"]));
    assert_eq!(operation["requiresAnyRole"], serde_json::json!(["A", "B", "A"]));
    assert_eq!(app["api"]["types"].as_array().unwrap().len(), 3);
    let nav = json("/finder/metadata/nav");
    assert_eq!(nav["results"][0]["href"], "/finder/ui");
}
