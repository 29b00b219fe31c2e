//! Several requests in one.

use service::exchange::{Exchange, HeaderPairs};
use service::reply::Reply;
use service::status::ServiceError;

use crate::{Hello, HelloResponse, Request, registry, text};

/// Serves each item by its name; `bad` fails.
fn send(Request(line, headers, body): Request<'_>) -> Reply {
    let registry = registry();
    let (verb, path) = line.split_once(' ').unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (headers, body) = (&HeaderPairs(headers), body.as_bytes());
    let exchange = Exchange { verb, query, headers, body, ..Exchange::get(path) };
    let mut batch = match registry.batch(&exchange) {
        Ok(Some(batch)) => batch,
        Ok(None) => return Reply::not_found(),
        Err(reply) => return reply,
    };
    loop {
        let Some(item) = batch.next() else { return batch.finish() };
        let reply = match registry.route(&item) {
            Err(reply) => reply,
            Ok(matched) => match matched.bind::<Hello>() {
                Err(error) => matched.fail(&error),
                Ok(hello) if hello.name.as_deref() == Some("bad") => {
                    matched.fail(&ServiceError::new(409, "Conflict", "That is taken."))
                }
                Ok(hello) => matched.reply(&HelloResponse { result: hello.name, times: 1 }, 200),
            },
        };
        if let Err(failed) = batch.add(reply) {
            return failed;
        }
    }
}

fn check(line: &str, body: &str, status: u16, completed: Option<&str>, expected: &str) {
    let reply = send(Request(line, &[("Accept", "text/html")], body));
    assert_eq!((reply.status, text(&reply).as_str()), (status, expected), "{line} {body}");
    assert_eq!(reply.header("X-AutoBatch-Completed"), completed, "{line} {body}");
}

/// Proves that items are answered in order, in the format of the path, whatever `Accept` says.
#[test]
fn items_are_answered_in_order() {
    let two = r#"[{"result":"a","times":1},{"result":"b","times":1}]"#;
    check("POST /api/Hello[]", r#"[{"name":"a"},{"name":"b"}]"#, 200, Some("2"), two);
    check(
        "POST /first/json/reply/hello%5B%5D",
        r#"[{"name":"a"},{"name":"b"}]"#,
        200,
        Some("2"),
        two,
    );
    check("POST /api/Hello[]?format=csv", r#"[{"name":"a"},{"name":"b"}]"#, 200, Some("2"), two);
    check("POST /api/Hello[]", " [ ] ", 200, Some("0"), "[]");
    let jsv = "[{result:a,times:1},{result:b,times:1}]";
    check("POST /jsv/reply/Hello[]", "[{name:a},{name:b}]", 200, Some("2"), jsv);
    let pascal = r#"[{"Result":"a","Times":1}]"#;
    check("POST /pascal/api/Hello[]", r#"[{"name":"a"}]"#, 200, Some("1"), pascal);
    check("POST /json/oneway/Hello[]", r#"[{"name":"a"}]"#, 204, Some("1"), "");
}

/// Proves that the first failure ends the batch and is answered alone, with its place.
#[test]
fn the_first_failure_ends_the_batch() {
    let conflict = concat!(
        r#"{"responseStatus":{"errorCode":"Conflict","message":"That is taken.","#,
        r#""errors":[],"meta":{"AutoBatchIndex":"1"}}}"#
    );
    let body = r#"[{"name":"a"},{"name":"bad"},{"name":"c"}]"#;
    check("POST /api/Hello[]", body, 409, Some("1"), conflict);
    let reply = send(Request("POST /api/Hello[]", &[], r#"[{"name":"a"},[]]"#));
    assert_eq!((reply.status, reply.header("X-AutoBatch-Completed")), (400, Some("1")));
}

fn check_refused(line: &str, body: &str, status: u16, says: &str) {
    let reply = send(Request(line, &[], body));
    assert_eq!(reply.status, status, "{line} {}", text(&reply));
    assert!(text(&reply).contains(says), "{line} {}", text(&reply));
    assert!(reply.header("Vary").is_some(), "{line}");
}

/// Proves that what is no batch is refused before anything is done.
#[test]
fn what_is_no_batch_is_refused() {
    check_refused("POST /api/Hello[]", r#"{"name":"a"}"#, 400, "a list of objects");
    check_refused("POST /api/Hello[]", r#"[{"name":"a"}"#, 400, "SerializationException");
    check_refused("POST /api/Hello[]", r#"["a"]"#, 400, "SerializationException");
    check_refused("POST /jsv/reply/Hello[]", "x", 400, "SerializationException");
    check_refused("GET /api/Hello[]", "[]", 405, "POST");
    check_refused("POST /xml/reply/Hello[]", "<a/>", 405, "JSON or JSV");
    check_refused("POST /api/Nothing[]", "[]", 405, "Nothing");
    let long = format!("[{}]", vec!["{}"; 101].join(","));
    check_refused("POST /api/Hello[]", &long, 400, "100");
    assert_eq!(
        send(Request("POST /hello/x[]", &[], "[]")).content_type.as_deref(),
        Some("text/plain")
    );
}
