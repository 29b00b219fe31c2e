//! The same request again (`payments.md` §6.5).

use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::order::{card, jsv, paid, unpaid};
use crate::shop::{Engine, Shop};
use std::sync::Arc;

fn keyed(shop: &Shop, key: &str, order: &Value) -> Request {
    Request::post("/ticketOrder.json").key(&shop.admin).header("Idempotency-Key", key).json(order)
}

#[tokio::test]
async fn a_repeat_gets_the_same_answer() {
    // Proves one sale and one charge for any number of repeats: the same bytes in the same
    // format, the same ticket in another.
    let shop = Shop::open().await;
    let order = paid(&shop, "match", "adult", 2);
    let first = shop.send(&keyed(&shop, "k-1", &order)).await;
    assert_eq!(first.code(), "OK");
    let again = shop.send(&keyed(&shop, "k-1", &order)).await;
    assert_eq!((again.status, again.text()), (200, first.text()));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    let in_jsv = Request::post("/ticketOrder.jsv")
        .key(&shop.admin)
        .header("Idempotency-Key", "k-1")
        .body("text/jsv", jsv(&order));
    let in_jsv = shop.send(&in_jsv).await.text();
    assert!(in_jsv.contains(&format!("ticketTokenId:{}", first.token())), "{in_jsv}");
    assert!(in_jsv.contains("ticketStatus:Bought") && in_jsv.contains("statusCode:200"));
    assert_eq!(shop.charges(), [8_000]);
    assert_eq!(shop.sales("hekla").await.len(), 1);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_decline_is_repeated_too() {
    // Proves that a declined order is not tried again under its key.
    let shop = Shop::open().await;
    let mut order = unpaid(&shop, "match", "adult", 1);
    order["cardInfo"] = card("4000000000000002");
    let first = shop.send(&keyed(&shop, "k", &order)).await;
    let again = shop.send(&keyed(&shop, "k", &order)).await;
    assert_eq!((first.code(), again.text()), ("PaymentDeclined".into(), first.text()));
    assert_eq!(shop.gateway_log().len(), 1);
}

#[tokio::test]
async fn a_refused_order_may_be_mended() {
    // Proves that what was refused before anything was stored does not use up its key.
    let shop = Shop::open().await;
    let refused = shop.send(&keyed(&shop, "k", &paid(&shop, "match", "few", 3))).await;
    assert_eq!(refused.code(), "SoldOut");
    let mended = shop.send(&keyed(&shop, "k", &paid(&shop, "match", "few", 2))).await;
    assert_eq!(mended.code(), "OK");
}

/// Another request under a used key.
type Change = (&'static str, fn(&mut Value));

const CHANGES: &[Change] = &[
    ("count", |order| order["orderDetails"][0]["count"] = json!(2)),
    ("a guard", |order| order["cardInfo"]["amount"] = json!(4000)),
    ("card", |order| order["cardInfo"] = card("4741520000000003")),
    ("expiry", |order| order["cardInfo"]["paymentMethod"]["expYear"] = json!("2035")),
    ("app data", |order| order["appMetaData"] = json!("x")),
    ("no card", |order| {
        order.as_object_mut().unwrap().remove("cardInfo");
    }),
];

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    // Proves that a key stands for one request, its card included, and that the first answer
    // can still be had.
    let shop = Shop::open().await;
    let order = paid(&shop, "match", "adult", 1);
    let first = shop.send(&keyed(&shop, "k", &order)).await;
    let before = shop.traces().await;
    for (what, change) in CHANGES {
        let mut other = order.clone();
        change(&mut other);
        let answer = shop.send(&keyed(&shop, "k", &other)).await;
        let told = (answer.status, answer.status_code(), answer.code());
        assert_eq!(told, (200, 409, "IdempotencyConflict".to_owned()), "{what}");
    }
    assert_eq!(shop.traces().await, before);
    assert_eq!(shop.send(&keyed(&shop, "k", &order)).await.text(), first.text());
}

#[tokio::test]
async fn a_key_belongs_to_its_caller() {
    // Proves that two callers may use one key without seeing each other's tickets.
    let shop = Shop::open().await;
    let other = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let order = paid(&shop, "match", "adult", 1);
    let mine = shop.send(&keyed(&shop, "k", &order)).await;
    let theirs = Request::post("/ticketOrder.json").key(&other).header("Idempotency-Key", "k");
    let theirs = shop.send(&theirs.json(&order)).await;
    assert_ne!(mine.token(), theirs.token());
    assert_eq!(shop.charges().len(), 2);
}

#[tokio::test]
async fn a_key_has_limits() {
    // Proves that a key of 255 characters is good and what is no key is named.
    let shop = Shop::open().await;
    let order = paid(&shop, "match", "adult", 1);
    assert_eq!(shop.send(&keyed(&shop, &"k".repeat(255), &order)).await.code(), "OK");
    for key in ["", &"k".repeat(256)] {
        let answer = shop.send(&keyed(&shop, key, &order)).await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["Idempotency-Key".to_owned()]));
    }
}

#[tokio::test]
async fn a_repeat_during_the_payment_sees_the_present_state() {
    // Proves that while the gateway thinks, a repeat is told "pending" with the handle to poll,
    // that polling leads to the ticket, and that only one charge was ever sent.
    let (shop, gate) = Shop::gated(Engine::Sqlite).await;
    let shop = Arc::new(shop);
    let order = paid(&shop, "match", "adult", 1);
    let request = keyed(&shop, "k", &order);
    let first = tokio::spawn({
        let (shop, request) = (Arc::clone(&shop), request.clone());
        async move { shop.send(&request).await }
    });
    gate.begun(1).await;
    let meanwhile = shop.send(&request).await;
    assert_pending(&meanwhile);
    let token = meanwhile.token();
    let status = shop.status(&token).await;
    assert_eq!(status.json()["ticketStatus"], "PendingPayment");
    assert_eq!((status.status_code(), &status.json()["success"]), (202, &json!(true)));
    gate.open();
    let settled = shop.settled(&token).await;
    assert_eq!((settled.status_code(), &settled.json()["ticketStatus"]), (200, &json!("Bought")));
    let first = first.await.unwrap();
    assert_eq!((first.code(), first.token()), ("OK".to_owned(), token));
    assert_eq!(shop.send(&request).await.text(), first.text());
    assert_eq!(shop.charges(), [4_000]);
}

fn assert_pending(answer: &Answer) {
    let told = (answer.status, answer.status_code(), answer.code());
    assert_eq!(told, (200, 202, "PaymentPending".to_owned()), "{}", answer.text());
    let ticket = answer.ticket();
    assert_eq!(ticket["ticketStatus"], "PendingPayment");
    assert_eq!((&ticket["scanCode"], &ticket["scanCodeNotActive"]), (&Value::Null, &json!(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_repeats_at_once_make_one_sale() {
    // Proves that the first of many equal requests wins, whichever it is.
    let shop = Arc::new(Shop::open().await);
    let request = Arc::new(keyed(&shop, "k", &paid(&shop, "match", "adult", 1)));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (shop, request) = (Arc::clone(&shop), Arc::clone(&request));
        clients.spawn(async move { shop.send(&request).await });
    }
    let answers = clients.join_all().await;
    let token = answers[0].token();
    for answer in &answers {
        assert_eq!(answer.token(), token);
        assert!([200, 202].contains(&answer.status_code()), "{}", answer.text());
    }
    assert_eq!((shop.charges().len(), shop.sales("hekla").await.len()), (1, 1));
    shop.assert_all_is_well().await;
}
