//! What an answer looks like.

use service::reply::Reply;
use service::status::ServiceError;

use crate::{Hello, JSON, Request, answer, pages, registry, text, with};

fn check_reply(line: &str, content_type: &str, body: &str) {
    let reply =
        with(&registry(), Request(line, &[], ""), |routed| routed.unwrap().reply(&answer(), 200));
    assert_eq!((reply.status, reply.content_type.as_deref()), (200, Some(content_type)), "{line}");
    assert_eq!(text(&reply), body, "{line}");
    assert_eq!(reply.header("Vary"), Some("Accept, Accept-Encoding"));
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
    let script = "text/javascript; charset=utf-8";
    check_reply("GET /hello/x?callback=cb", script, r#"cb({"result":"Hi","times":2})"#);
    check_reply("GET /hello/x.csv", "text/csv", "Result,Times\r\nHi,2\r\n");
    check_reply("GET /api/Hello.jsonl", "text/jsonl", "{\"result\":\"Hi\",\"times\":2}\n");
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
    with(&pages(), Request(line, &[], ""), |routed| routed.unwrap().fail(error))
}

/// Proves that an error takes the shape of the response type where that has a place for it.
#[test]
fn errors_follow_the_response_type() {
    let error = ServiceError::new(404, "OrderNotFound", "There is no such order.");
    let reply = failed("GET /v1/orders/7?format=json", &error);
    assert_eq!((reply.status, reply.reason.as_deref()), (404, Some("OrderNotFound")));
    let status = r#"{"ErrorCode":"OrderNotFound","Message":"There is no such order.","Errors":[]}"#;
    assert_eq!(text(&reply), format!(r#"{{"ResponseStatus":{status},"Paid":false}}"#));
    let argument = ServiceError::argument("Name", "bad");
    assert_eq!(
        text(&failed("GET /hello/x?format=json", &argument)),
        concat!(
            r#"{"responseStatus":{"errorCode":"ArgumentException","#,
            r#""message":"bad (Parameter 'Name')","#,
            r#""errors":[{"errorCode":"ArgumentException","fieldName":"Name","message":"bad"}]}}"#,
        )
    );
    let jsv = text(&failed("GET /hello/x.jsv", &error));
    let expected =
        "{responseStatus:{errorCode:OrderNotFound,message:There is no such order.,errors:[]}}";
    assert_eq!(jsv, expected);
}

/// Proves that a script sees an error as well as an answer.
#[test]
fn errors_reach_scripts() {
    let wrapped = failed("GET /hello/x?callback=cb", &ServiceError::not_authenticated());
    assert_eq!(wrapped.status, 200);
    assert!(text(&wrapped).starts_with(r#"cb({"responseStatus":"#), "{}", text(&wrapped));
}

fn check_failed(line: &str, content_type: &str, says: &str) {
    let reply = failed(line, &ServiceError::new(404, "OrderNotFound", "There is <none>."));
    let shown = (reply.status, reply.content_type.as_deref(), reply.reason.as_deref());
    assert_eq!(shown, (404, Some(content_type), Some("OrderNotFound")), "{line}");
    assert!(text(&reply).contains(says), "{line}: {}", text(&reply));
}

/// Proves that an error comes in the format that was asked for.
#[test]
fn errors_come_in_every_format() {
    check_failed(
        "GET /hello/x.xml",
        "application/xml",
        "<Message>There is &lt;none&gt;.</Message>",
    );
    check_failed("GET /hello/x.csv", "text/csv", "OrderNotFound");
    check_failed("GET /hello/x.jsonl", "text/jsonl", r#"{"responseStatus":{"errorCode":"#);
    check_failed("GET /hello/x?format=html", "text/html; charset=utf-8", "There is &lt;none&gt;.");
    check_failed("GET /html/reply/Hello", "text/html; charset=utf-8", "OrderNotFound");
}

/// Proves that a table is a file for browsers, and that a page shows request and answer, but no
/// secret, and may run nothing.
#[test]
fn people_get_files_and_pages() {
    let table = with(&pages(), Request("GET /hello/x.csv", &[], ""), |routed| {
        routed.unwrap().reply(&answer(), 200)
    });
    let file = "attachment;filename=\"Hello.csv\";filename*=UTF-8''Hello.csv";
    assert_eq!(table.header("Content-Disposition"), Some(file));
    let body = r#"{"age":7,"card":{"pan":"4242424242424242"}}"#;
    let request = Request("POST /hello/<x>?format=html&card=", &[JSON], body);
    let page = with(&pages(), request, |routed| {
        let matched = routed.unwrap();
        matched.bind::<Hello>().unwrap();
        matched.reply(&answer(), 200)
    });
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert!(page.header("Content-Security-Policy").unwrap().contains("default-src 'none'"));
    let shown = text(&page);
    assert!(shown.contains("Hello Snapshot of ") && shown.contains("Hi"), "{shown}");
    assert!(!shown.contains("4242") && !shown.contains("<x>"), "{shown}");
}

/// Proves that card data in a URL, which is refused, is not repeated by the page that says so.
#[test]
fn pages_repeat_no_card_data() {
    let request = Request("GET /hello/x?format=html&card={pan:4242424242424242}", &[], "");
    let page = with(&pages(), request, |routed| {
        let matched = routed.unwrap();
        matched.fail(&matched.check_url().unwrap_err())
    });
    assert!(page.status == 400 && !text(&page).contains("4242"), "{}", text(&page));
}

/// Proves that an operation without code says its name.
#[test]
fn unserved_operations_are_named() {
    let request = Request("GET /hello/x", &[], "");
    let reply = with(&registry(), request, |routed| routed.unwrap().not_implemented());
    assert_eq!(reply.status, 405);
    assert!(text(&reply).contains("'Hello'"), "{}", text(&reply));
}
