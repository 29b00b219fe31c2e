//! Requests that no client should send.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Answer, Request};
use crate::order::paid;
use crate::shop::Shop;

const MEBIBYTE: usize = 1 << 20;

#[tokio::test]
async fn bodies_have_a_limit() {
    // Proves that a body of exactly 1 MiB is read and one byte more is refused with 413.
    let shop = Shop::open().await;
    let mut body = paid(&shop, "match", "adult", 1).to_string().into_bytes();
    body.resize(MEBIBYTE, b' ');
    let send =
        |body| Request::post("/ticketOrder.json").key(&shop.admin).body("application/json", body);
    assert_eq!(shop.send(&send(body.clone())).await.code(), "OK");
    body.push(b' ');
    let answer = shop.send(&send(body.clone())).await;
    let error = answer.json()["responseStatus"]["errorCode"].clone();
    assert_eq!((answer.status, error.as_str()), (413, Some("RequestEntityTooLarge")));
    body.resize(4 * MEBIBYTE, b' ');
    assert_eq!(shop.send(&send(body)).await.status, 413);
    assert_eq!(shop.charges().len(), 1);
}

#[tokio::test]
async fn broken_bodies_are_refused() {
    // Proves 400, with a JSON error, for bodies that are no document.
    let shop = Shop::open().await;
    let nested = |open: &str, close: &str| {
        format!(
            r#"{{"appMetaData":"x","order":{}{}}}"#,
            open.repeat(100_000),
            close.repeat(100_000)
        )
    };
    let bodies: [(&str, &str, Vec<u8>); 8] = [
        ("deep lists", "application/json", nested("[", "]").into()),
        ("deep records", "application/json", nested(r#"{"a":"#, "}").into()),
        ("a list", "application/json", b"[1,2]".into()),
        ("a number", "application/json", b"42".into()),
        ("a word", "application/json", b"order".into()),
        ("broken UTF-8", "application/json", b"{\"appMetaData\":\"\xff\xfe\"}".into()),
        ("broken UTF-8 in JSV", "text/jsv", b"{appMetaData:\xff\xfe}".into()),
        ("deep JSV", "text/jsv", format!("{{order:{}", "{a:".repeat(100_000)).into()),
    ];
    for (what, content_type, body) in bodies {
        let request = Request::post("/ticketOrder.json").key(&shop.admin).body(content_type, body);
        let answer = shop.send(&request).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
        assert!(answer.json()["responseStatus"]["message"].is_string(), "{what}");
    }
    assert!(shop.gateway_log().is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    // Proves 404 for unknown paths and verbs of routes, 405 for those of predefined routes.
    let shop = Shop::open().await;
    for (verb, target, status) in [
        ("GET", "/nothing", 404),
        ("POST", "/ticketOrder/x/y", 404),
        ("DELETE", "/ticketOrder", 404),
        ("PUT", "/ticketOrder/status", 404),
        ("DELETE", "/json/reply/TicketOrder", 405),
        ("POST", "/json/reply/EventsListing", 405),
        ("POST", "/json/reply/NoSuchThing", 405),
    ] {
        let request = Request::new(verb, target).key(&shop.admin).accept("application/json");
        let answer = shop.send(&request).await;
        assert_eq!(answer.status, status, "{verb} {target}: {}", answer.text());
    }
}

#[tokio::test]
async fn nonsense_on_the_line_harms_nobody() {
    // Proves that what is not HTTP is answered with an error or a closed connection, and that
    // the next client is served.
    let shop = Shop::open().await;
    let long_header = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    let lines: [&[u8]; 5] = [
        b"\x16\x03\x01 this is TLS\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /ticketOrder HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /ticketOrder HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        long_header.as_bytes(),
    ];
    for line in lines {
        let received = raw(&shop, line).await;
        if !received.is_empty() {
            let status = Answer::read(&received).status;
            assert!((400..500).contains(&status), "{status}");
        }
    }
    assert_eq!(shop.order(&paid(&shop, "match", "adult", 1)).await.code(), "OK");
}

#[tokio::test]
async fn a_body_cut_short_orders_nothing() {
    // Proves that an order whose sender stops in the middle is no order.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    let request = Request::post("/ticketOrder.json")
        .key(&shop.admin)
        .json(&paid(&shop, "match", "adult", 1))
        .bytes();
    for missing in [1, 50, 150] {
        let received = raw(&shop, &request[..request.len() - missing]).await;
        if !received.is_empty() {
            assert_eq!(Answer::read(&received).status, 400, "{missing} bytes missing");
        }
    }
    assert_eq!(shop.traces().await, before);
}

/// Sends bytes and says that no more will come; answers with what came back.
async fn raw(shop: &Shop, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    // The server may hang up at any byte of nonsense.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    received
}
