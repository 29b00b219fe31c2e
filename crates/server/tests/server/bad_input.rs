//! Bytes that no client should send, and clients that are slow, early or half gone: a clear error
//! or a closed connection, and the next request works.

use std::time::Duration;

use serde_json::json;
use server::http::HttpOptions;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Answer, PATIENCE, Request};
use crate::order::paid;
use crate::shop::Shop;

/// Longer than a test waits, shorter than anybody's patience.
const SHORT: Duration = Duration::from_millis(300);

async fn impatient() -> Shop {
    let http = HttpOptions { head_time_max: SHORT, body_time_max: SHORT, ..HttpOptions::default() };
    Shop::listening(http).await
}

/// Sends the pieces with a pause between them; answers with all that came back.
async fn talk(shop: &Shop, pieces: &[&[u8]], pause: Duration) -> Vec<u8> {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    let mut received = Vec::new();
    let talking = async {
        for piece in pieces {
            // The server may hang up at any byte.
            let _ = stream.write_all(piece).await;
            tokio::time::sleep(pause).await;
        }
        let _ = stream.read_to_end(&mut received).await;
    };
    tokio::time::timeout(PATIENCE, talking).await.expect("an end in time");
    received
}

async fn still_sells(shop: &Shop) {
    assert_eq!(shop.order(&paid(shop, "match", "adult", 1)).await.code(), "OK");
}

#[tokio::test]
async fn odd_documents_are_refused_or_read() {
    // Proves the status of every odd value in an order: what cannot be read is a 400 with a JSON
    // body, and never anything else.
    let shop = Shop::open().await;
    let event = shop.number("event", "match");
    let with_event = |value: &str| format!(r#"{{"order":{{"eventId":{value}}}}}"#);
    let cases = [
        (with_event("1e400"), 400),
        (with_event("-1e400"), 400),
        (with_event(&"9".repeat(100_000)), 400),
        (with_event("99999999999999999999"), 400),
        (with_event(&format!("{}1", "0".repeat(1_000))), 400),
        (with_event("NaN"), 400),
        (with_event("true"), 400),
        (r#"{"orderDetails":[{"count":1e400}]}"#.to_owned(), 400),
        (r#"{"orderDetails":{"count":1}}"#.to_owned(), 400),
        (format!(r#"{{"order":{{"eventId":1,"eventId":{event}}}}}"#), 200),
        (format!("\u{feff}{}", with_event(&event.to_string())), 200),
        (r#"{"appMetaData":"\ud800"}"#.to_owned(), 400),
        (r#"{"appMetaData":"\udfff\ud800"}"#.to_owned(), 400),
        ("\u{feff}\u{feff}{}".to_owned(), 400),
        ("\0".to_owned(), 400),
        ("{".to_owned() + &r#""a":0,"#.repeat(100_000), 400),
        (format!(r#"{{"{}":0}}"#, "a".repeat(900_000)), 400),
        ("\"".to_owned() + &"\\".repeat(500_000), 400),
    ];
    for (body, status) in cases {
        let request =
            Request::post("/ticketOrder").key(&shop.admin).body("application/json", body.clone());
        let answer = shop.send(&request).await;
        let shown: String = body.chars().take(60).collect();
        assert_eq!(answer.status, status, "{shown}: {}", answer.text());
        assert!(answer.body.len() < 4_096, "{shown}");
    }
    assert!(shop.gateway_log().is_empty());
    still_sells(&shop).await;
}

#[tokio::test]
async fn deep_and_broken_documents_are_refused_in_every_format() {
    // Proves that depth and broken text are a 400 whatever the format.
    let shop = Shop::open().await;
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    let cases: [(&str, Vec<u8>); 9] = [
        ("application/json", deep("[", "]").into()),
        ("application/json", deep(r#"{"order":"#, "}").into()),
        ("text/jsv", deep("{order:", "}").into()),
        ("application/xml", deep("<Order>", "</Order>").into()),
        ("application/xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><TicketOrder/>".into()),
        ("application/xml", b"<TicketOrder>\xff</TicketOrder>".into()),
        ("text/csv", b"appMetaData\n\xff\n".into()),
        ("text/jsonl", b"{\"appMetaData\":\"\xff\"}\n".into()),
        ("application/x-www-form-urlencoded", b"appMetaData=%ff".into()),
    ];
    for (content_type, body) in cases {
        let request = Request::post("/ticketOrder").key(&shop.admin).accept("application/json");
        let answer = shop.send(&request.body(content_type, body)).await;
        assert_eq!(answer.status, 400, "{content_type}: {}", answer.text());
        assert!(answer.json()["responseStatus"]["message"].is_string(), "{content_type}");
    }
    still_sells(&shop).await;
}

#[tokio::test]
async fn slow_clients_are_not_waited_for() {
    // Proves that a body that comes too slowly is a 408 and a slow head a closed connection, and
    // that others are served meanwhile.
    let shop = impatient().await;
    let bytes = Request::post("/ticketOrder").key(&shop.admin).json(&json!({})).bytes();
    let (head, body) = bytes.split_at(bytes.len() - 2);
    let slow = [head, &body[..1]];
    let slow_body = talk(&shop, &slow, SHORT);
    let slow: [&[u8]; 2] = [b"GET /events HTTP/1.1\r\n", b"Host: a\r\n"];
    let slow_head = talk(&shop, &slow, SHORT);
    let (slow_body, slow_head, ()) = tokio::join!(slow_body, slow_head, still_sells(&shop));
    assert_eq!(Answer::read(&slow_body).status, 408);
    assert!(slow_head.is_empty() || Answer::read(&slow_head).status == 408);
    still_sells(&shop).await;
}

#[tokio::test]
async fn requests_may_come_in_a_row() {
    // Proves that pipelined requests are answered in order, the last one after a half close too.
    let shop = Shop::open().await;
    let one = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: till\r\n\r\n");
    let bytes = one("/nothing")
        + &one("/health/live")
        + &one("/api").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let received = talk(&shop, &[bytes.as_bytes()], Duration::ZERO).await;
    let text = String::from_utf8_lossy(&received);
    let statuses: Vec<&str> =
        text.match_indices("HTTP/1.1 ").map(|(at, _)| &text[at + 9..at + 12]).collect();
    assert_eq!(statuses, ["404", "200", "200"]);
}

#[tokio::test]
async fn lengths_and_chunks_must_be_true() {
    // Proves that a request whose length is unclear is refused, so that no two readers of it can
    // disagree where it ends, and that trailers change nothing.
    let shop = impatient().await;
    let head = format!(
        "POST /ticketOrder HTTP/1.1\r\nHost: till\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {}\r\n",
        shop.admin
    );
    let cases = [
        ("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400, ""),
        ("Content-Length: +2\r\n\r\n{}", 400, ""),
        ("Content-Length: 18446744073709551616\r\n\r\n{}", 400, ""),
        ("Content-Length: 1000000000000\r\n\r\n{}", 413, "RequestEntityTooLarge"),
        ("Transfer-Encoding: gzip\r\n\r\n{}", 400, ""),
        ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400, "cut short"),
        ("Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX-A: b\r\n\r\n", 400, "EventId"),
        ("Content-Length: 9\r\n\r\n{}", 408, "RequestTimeout"),
    ];
    for (rest, status, says) in cases {
        let bytes = format!("{head}Connection: close\r\n{rest}");
        let answer = Answer::read(&talk(&shop, &[bytes.as_bytes()], Duration::ZERO).await);
        assert_eq!(answer.status, status, "{rest}: {}", answer.text());
        assert!(answer.text().contains(says), "{rest}: {}", answer.text());
    }
    still_sells(&shop).await;
}

#[tokio::test]
async fn absurd_heads_are_refused() {
    // Proves that heads of too many or too long lines, or of forbidden bytes, get an error.
    let shop = Shop::open().await;
    let many = "X-A: b\r\n".repeat(1_000);
    let long = format!("X-A: {}\r\n", "b".repeat(400_000));
    let target = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(400_000));
    let cases: [(Vec<u8>, &[u16]); 8] = [
        (format!("GET /events HTTP/1.1\r\n{many}\r\n").into(), &[431]),
        (format!("GET /events HTTP/1.1\r\n{long}\r\n").into(), &[431]),
        (target.into(), &[414, 431]),
        (b"GET /events HTTP/1.1\r\nX-A: a\0b\r\n\r\n".into(), &[400]),
        (b"GET /ev ents HTTP/1.1\r\n\r\n".into(), &[400]),
        (b"GET /events HTTP/9.9\r\n\r\n".into(), &[400, 505]),
        (b"G@T /events HTTP/1.1\r\nConnection: close\r\n\r\n".into(), &[400]),
        (b"GET http://a:b:c/events HTTP/1.1\r\nConnection: close\r\n\r\n".into(), &[400]),
    ];
    for (bytes, statuses) in cases {
        let received = talk(&shop, &[&bytes], Duration::ZERO).await;
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        if !received.is_empty() {
            let status = Answer::read(&received).status;
            assert!(statuses.contains(&status), "{shown}: {status}");
        }
    }
    still_sells(&shop).await;
}

#[tokio::test]
async fn odd_targets_are_answered() {
    // Proves that no path or query does more than be answered with an error of the client.
    let shop = Shop::open().await;
    for target in [
        "/%00",
        "/%ff/%fe",
        "/..%2f..%2fetc/passwd",
        "//",
        "/[]",
        "/api/[]",
        "/api/%5B%5D",
        "/camel",
        "/camel/camel/api",
        "/tickets",
        "/api/.json",
        "/.json",
        "/json/reply/",
        "/events.json?take=1e400",
        "/events.json?take=%ff",
        "/events.json?%",
        "/events.json?take[0]=1",
        "/events.json?callback=<script>",
        "/metadata?op=%00",
        "/json/metadata?op=%3Cscript%3E",
        "/types/%2e%2e",
        "/openapi.json/x",
        "/ui/%ff",
    ] {
        let answer = shop.send(&Request::get(target).key(&shop.admin)).await;
        assert!(answer.status < 500, "{target}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("<script>alert"), "{target}");
    }
    let long = format!("/events.json?{}", "a=1&".repeat(10_000));
    assert_eq!(shop.send(&Request::get(&long).key(&shop.admin)).await.status, 400);
    still_sells(&shop).await;
}
