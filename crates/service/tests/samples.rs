//! Sample values, as far as no published page shows them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use service::Dto;
use service::format::Format;
use service::operation::{ComputedSample, Operation, Route};
use service::operation_page::SamplePage;
use service::sample::write_sample;
use service::types::{Bytes, DateTime, Guid, Map, SecretText, TimeSpan};
use wire::{NameStyle, Settings, json};

#[derive(Debug, Default, PartialEq, Dto)]
struct Everything {
    text: Option<String>,
    secret: Option<SecretText>,
    number: Option<i32>,
    date: Option<DateTime>,
    guid: Guid,
    span: TimeSpan,
    bytes: Option<Bytes>,
    map: Option<Map<i32, Option<String>>>,
    lists: Option<Vec<Option<Vec<bool>>>>,
    kind: Kind,
    nullable_kind: Option<Kind>,
    #[dto(interface)]
    interface: Option<Vec<i32>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
enum Kind {
    #[default]
    #[dto(value = 7)]
    Seven,
    #[dto(value = -1)]
    MinusOne,
    #[dto(value = 3)]
    Three,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct Tree {
    name: Option<String>,
    child: Option<Branch>,
}

#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct Branch {
    trees: Option<Vec<Tree>>,
}

fn sample<T: service::dto::Described>(computed: &[ComputedSample]) -> String {
    let mut out = Vec::new();
    write_sample(T::META, computed, &mut json::Writer::new(&mut out, &Settings::default()));
    String::from_utf8(out).unwrap()
}

/// Proves the sample of every kind of member.
#[test]
fn members_are_filled_by_their_type() {
    let expected = concat!(
        r#"{"Text":"String","Secret":"String","Number":0,"Date":"0001-01-01T00:00:00.0000000","#,
        r#""Guid":"00000000000000000000000000000000","Span":"PT0S","Bytes":"AA==","#,
        r#""Map":{"0":"String"},"Lists":[[false]],"Kind":"Three"}"#,
    );
    assert_eq!(sample::<Everything>(&[]), expected);
}

/// Proves that a computed member shows its own text, but only on the type it was declared for.
#[test]
fn computed_members_show_their_text() {
    let computed = [ComputedSample { member: "Name", text: "Root" }];
    let shown = sample::<Tree>(&computed);
    assert!(shown.starts_with(r#"{"Name":"Root","Child":{"Trees":[{"Name":"String""#), "{shown}");
}

/// Proves that a type stands in itself three levels deep and no deeper.
#[test]
fn self_nesting_ends() {
    assert_eq!(sample::<Tree>(&[]).matches(r#""Name""#).count(), 4);
}

static NO_ROUTES: Operation = Operation::of::<Tree, Tree>();
static READ_ONLY: Operation = Operation {
    routes: &[Route::new("GET DELETE", "/trees/{Name}"), Route::new("DELETE", "/trees")],
    ..Operation::of::<Tree, Tree>()
};
static SILENT: Operation = Operation {
    response: None,
    routes: &[Route::new("GET", "/one"), Route::new("PUT", "/other")],
    ..Operation::of::<Tree, Tree>()
};

fn check_head(operation: &'static Operation, expected: &str) {
    let (names, format) = (NameStyle::Camel, Format::Json);
    let page = SamplePage { names, operation, format, prefix: "" };
    let request = page.request("example.org");
    assert_eq!(request.split("\n\n").next(), Some(expected));
    assert_eq!(page.response().is_some(), operation.response.is_some());
}

/// Proves which verb, path and headers a sample request shows.
#[test]
fn heads_follow_the_routes() {
    let with_body = "Host: example.org \nAccept: application/json\n\
                     Content-Type: application/json\nContent-Length: length";
    check_head(&NO_ROUTES, &format!("POST /json/reply/Tree HTTP/1.1 \n{with_body}"));
    check_head(&SILENT, &format!("PUT /one HTTP/1.1 \n{with_body}"));
    let without_body = "Host: example.org \nAccept: application/json\n";
    check_head(&READ_ONLY, &format!("GET /trees/{{Name}} HTTP/1.1 \n{without_body}"));
}
