//! Figures for a monitoring program: what they say, and what never stands in them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::time::Span;
use gateway::sandbox::Sandbox;
use gateway::{Gateway, Guarded};
use serde_json::json;
use tokio::net::TcpListener;

use crate::client::{Answer, Request};
use crate::gate::Silence;
use crate::order::{card, paid, unpaid};
use crate::shop::{Engine, NOON, Shop, until};

/// A shop whose gateway is watched, and the address of its figures.
async fn open() -> (Shop, SocketAddr) {
    open_with(|sandbox| Arc::new(sandbox)).await
}

async fn open_with(gateway: impl FnOnce(Sandbox) -> Arc<dyn Gateway>) -> (Shop, SocketAddr) {
    let watched = |sandbox| Arc::new(Guarded::watching(gateway(sandbox), Arc::new(|| NOON)));
    let shop = Shop::with(Engine::Memory, |sandbox| watched(sandbox)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(server::metrics::serve(shop.app(), listener, std::future::pending()));
    (shop, address)
}

async fn page(address: SocketAddr) -> String {
    let answer = Request::get("/metrics").send(address).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("Content-Type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    answer.text()
}

/// Every sample, by its name with labels. A sample without a head before it, or a second one of the
/// same name, is a mistake.
fn samples(page: &str) -> BTreeMap<String, f64> {
    let (mut samples, mut family) = (BTreeMap::new(), String::new());
    for line in page.lines() {
        if let Some(head) = line.strip_prefix("# TYPE ") {
            family = head.split(' ').next().unwrap().to_owned();
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let bare = name.split('{').next().unwrap();
            let ends = ["", "_bucket", "_sum", "_count"];
            assert!(ends.iter().any(|end| bare == format!("{family}{end}")), "{line} in {family}");
            let before = samples.insert(name.to_owned(), value.parse().unwrap());
            assert_eq!(before, None, "{line}");
        }
    }
    samples
}

fn told(answer: &Answer) -> (u64, String) {
    (answer.status_code(), answer.code())
}

#[tokio::test]
async fn orders_and_calls_are_counted() {
    // Proves what an approved order, a declined one, a repeated one and a refused one add to the
    // figures.
    let (shop, address) = open().await;
    let order = paid(&shop, "match", "few", 1);
    assert_eq!(shop.order(&order).await.code(), "OK");
    let mut declined = unpaid(&shop, "match", "few", 1);
    declined["cardInfo"] = card("4000000000000002");
    assert_eq!(told(&shop.order(&declined).await), (402, "PaymentDeclined".into()));
    let mut cheap = order.clone();
    cheap["orderDetails"][0]["ticketPrice"] = json!(1);
    assert_eq!(told(&shop.order(&cheap).await).1, "PriceChanged");
    let found = samples(&page(address).await);
    for (name, expected) in [
        ("guichet_ready", 1.0),
        ("guichet_database_answers", 1.0),
        ("guichet_sales_under_way", 0.0),
        ("guichet_store_queue_length", 0.0),
        (r#"guichet_orders_total{outcome="placed"}"#, 2.0),
        (r#"guichet_orders_total{outcome="refused"}"#, 1.0),
        (r#"guichet_sale_changes_total{state="awaiting_payment"}"#, 2.0),
        (r#"guichet_sale_changes_total{state="issued"}"#, 1.0),
        (r#"guichet_sale_changes_total{state="payment_failed"}"#, 1.0),
        (r#"guichet_gateway_condition{gateway="sandbox",condition="up"}"#, 1.0),
        (r#"guichet_gateway_condition{gateway="sandbox",condition="open"}"#, 0.0),
        (r#"guichet_gateway_calls_total{gateway="sandbox",verb="sale",outcome="approved"}"#, 1.0),
        (r#"guichet_gateway_calls_total{gateway="sandbox",verb="sale",outcome="declined"}"#, 1.0),
        (r#"guichet_gateway_call_seconds_bucket{gateway="sandbox",verb="sale",le="0.025"}"#, 2.0),
        (r#"guichet_gateway_call_seconds_bucket{gateway="sandbox",verb="sale",le="+Inf"}"#, 2.0),
        (r#"guichet_gateway_call_seconds_count{gateway="sandbox",verb="sale"}"#, 2.0),
    ] {
        assert_eq!(found.get(name), Some(&expected), "{name} in {found:#?}");
    }
}

#[tokio::test]
async fn what_is_still_to_be_done_is_told() {
    // Proves that a payment in doubt is counted while the gateway is asked, and as a task when a
    // person must decide.
    let (shop, address) = open_with(|_| Arc::new(Silence::new())).await;
    let order = paid(&shop, "match", "few", 1);
    assert_eq!(shop.order(&order).await.code(), "PaymentPending");
    let unknown = r#"guichet_attempts_open{gateway="sandbox",state="unknown"}"#;
    assert_eq!(samples(&page(address).await).get(unknown), Some(&1.0));
    shop.clock.advance(Span::hours(25));
    let review = r#"guichet_tasks_open{kind="PaymentInDoubt"}"#;
    until("a task for a person", async || {
        let found = samples(&page(address).await);
        (found.get(review) == Some(&1.0) && !found.contains_key(unknown)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_request_is_a_label() {
    // Proves that neither names and phones of buyers nor made-up names of gateways come into the
    // figures, however many there are.
    let (shop, address) = open().await;
    let mut order = paid(&shop, "match", "few", 1);
    order["firstName"] = json!("Gestsdottir");
    order["phoneNumber"] = json!("+3545550017");
    assert_eq!(shop.order(&order).await.code(), "OK");
    for number in 0..20 {
        let path = format!("/borgun/events/forged{number}/not-a-secret-at-all");
        let answer = shop.send(&Request::post(&path).json(&json!({}))).await;
        assert_eq!(answer.status, 403);
    }
    let page = page(address).await;
    for secret in ["Gestsd", "5550017", "forged", "not-a-secret"] {
        assert!(!page.contains(secret), "{secret}");
    }
    let refused = r#"guichet_gateway_messages_total{gateway="",result="refused"}"#;
    assert_eq!(samples(&page).get(refused), Some(&20.0));
}

#[tokio::test]
async fn the_address_has_one_page() {
    // Proves that nothing but figures is served there, and that the till itself has no such page.
    let (shop, address) = open().await;
    let status = async |request: Request| request.send(address).await.status;
    assert_eq!(status(Request::get("/")).await, 404);
    assert_eq!(status(Request::get("/health")).await, 404);
    assert_eq!(status(Request::post("/ticketOrder").json(&json!({}))).await, 404);
    assert_eq!(status(Request::post("/metrics").json(&json!({}))).await, 405);
    assert_eq!(shop.send(&Request::get("/metrics")).await.status, 404);
}
