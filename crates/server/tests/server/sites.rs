//! Browsers, other sites' pages, proxies.

use server::http::HttpOptions;
use service::cors::{Cors, Origins};

use crate::client::Request;
use crate::shop::Shop;

#[tokio::test]
async fn browsers_may_ask_before_they_call() {
    // Proves that a preflight is answered with an empty 200 without signing in, on published,
    // pre-defined and unknown paths alike.
    let shop = Shop::open().await;
    for target in [
        "/v1/CustomerPayments",
        "/agents/v1/CustomerPayments",
        "/v1/CustomerPayments/7",
        "/ticketOrder",
        "/api/TicketOrder",
        "/json/reply/TicketOrder",
        "/api/TicketOrder[]",
        "/metadata",
        "/nothing",
    ] {
        let request = Request::new("OPTIONS", target)
            .header("Origin", "https://shop.example")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,idempotency-key");
        let answer = shop.send(&request).await;
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{target}");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("*"), "{target}");
        let methods = answer.header("Access-Control-Allow-Methods").unwrap();
        assert_eq!(methods, "GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD");
        assert_eq!(answer.header("Access-Control-Max-Age"), Some("600"));
    }
}

#[tokio::test]
async fn errors_can_be_read_by_sites_too() {
    // Proves that what is refused before any operation is known says what sites may do.
    let origins = Origins::Listed(vec!["https://shop.example".into()]);
    let cors = Some(Cors { origins, credentials: true });
    let shop = Shop::listening(HttpOptions { cors, ..HttpOptions::default() }).await;
    for request in [
        Request::post("/ticketOrder").body("application/json", vec![b' '; 2 << 20]),
        Request::post("/ticketOrder").header("Content-Encoding", "zstd").body("text/csv", "a"),
        Request::get("/nothing"),
        Request::get("/ticketOrder?format=json"),
    ] {
        let answer = shop.send(&request.clone().header("Origin", "https://shop.example")).await;
        assert!(answer.status >= 400);
        let allowed = answer.header("Access-Control-Allow-Origin");
        assert_eq!(allowed, Some("https://shop.example"), "{}", answer.text());
        assert_eq!(answer.header("Access-Control-Allow-Credentials"), Some("true"));
        let other = shop.send(&request.header("Origin", "https://evil.example")).await;
        assert!(other.header("Access-Control-Allow-Origin").is_none());
    }
}

#[tokio::test]
async fn people_get_pages_and_programs_get_json() {
    // Proves the default of the original: HTML for whoever says nothing, JSON for whoever speaks
    // or asks for it, and below `/api` always.
    let shop = Shop::open().await;
    let html = "text/html; charset=utf-8";
    let json = "application/json; charset=utf-8";
    for (request, expected) in [
        (Request::get("/events"), html),
        (Request::get("/events").accept("*/*"), html),
        (Request::get("/events").accept("text/html,application/xhtml+xml,*/*;q=0.8"), html),
        (Request::get("/events").accept("application/json"), json),
        (Request::get("/api/EventsListing"), json),
        (Request::get("/json/reply/EventsListing").accept("text/html"), json),
        (Request::get("/events.csv"), "text/csv"),
        (Request::get("/events.jsonl"), "text/jsonl"),
        (Request::get("/events").accept("application/xml"), "application/xml"),
        (Request::post("/ticketOrder").body("application/json", "{}"), json),
        (Request::post("/ticketOrder").body("application/json", "{}").accept("*/*"), json),
    ] {
        let answer = shop.send(&request.key(&shop.admin)).await;
        assert_eq!(answer.header("Content-Type"), Some(expected), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_proxy_is_believed_when_it_is_trusted() {
    // Proves that pages name the address by which the client came, and nobody else's.
    let base = async |trusted: &[&str]| {
        let trusted_proxies = trusted.iter().map(|address| address.parse().unwrap()).collect();
        let shop = Shop::listening(HttpOptions { trusted_proxies, ..HttpOptions::default() }).await;
        let request = Request::get("/types/python").header("X-Forwarded-Proto", "https");
        shop.send(&request).await.text()
    };
    assert!(base(&["127.0.0.1"]).await.contains("BaseUrl: https://till"));
    assert!(base(&[]).await.contains("BaseUrl: http://till"));
}

#[tokio::test]
async fn the_public_address_counts_where_it_is_set() {
    // Proves that no client has a say in addresses where the operator has said what they are.
    let public_url = Some("https://tickets.example.org".parse().unwrap());
    let shop = Shop::listening(HttpOptions { public_url, ..HttpOptions::default() }).await;
    let page = shop.send(&Request::get("/types/python")).await.text();
    assert!(page.contains("BaseUrl: https://tickets.example.org\n"), "{page}");
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    // Proves that a page's tag saves sending it, compressed or not, and that HEAD has no body.
    let shop = Shop::open().await;
    let first = shop.send(&Request::get("/openapi.json")).await;
    let tag = first.header("ETag").unwrap().to_owned();
    for known in [tag.clone(), format!("W/{tag}")] {
        let again = shop.send(&Request::get("/openapi.json").header("If-None-Match", &known)).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    let head = shop.send(&Request::new("HEAD", "/openapi.json")).await;
    let length = first.body.len().to_string();
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("Content-Length"), Some(length.as_str()));
}
