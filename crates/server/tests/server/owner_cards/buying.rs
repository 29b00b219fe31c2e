//! Orders of season cards: what is answered, and what comes of them.

use std::sync::Arc;

use domain::time::Span;
use serde_json::{Value, json};

use super::{ask, order, paid, unpaid};
use crate::client::Request;
use crate::order::{card, unpaid as ticket};
use crate::post_office::{Mood, PostOffice};
use crate::shop::{Shop, until};
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

#[tokio::test]
async fn cards_are_bought_together() {
    // Proves every member that an order of several cards answers with, one payment for all of
    // them, and that the order can be asked for by its handle.
    let shop = Shop::open().await;
    let mut wanted = paid(&shop, &["gold", "prepaid", "gold"]);
    wanted["phoneVerificationNumber"] = json!(NUMBER);
    wanted["holderId"] = json!("010130-2989");
    wanted["holderName"] = json!("Anna Gestsdóttir");
    wanted["holderEmail"] = json!("anna@example.org");
    wanted["appMetaData"] = json!("seen nowhere");
    wanted["cardInfo"]["amount"] = json!(24_000);
    let answer = order(&shop, &wanted).await;
    let told = answer.json();
    assert_eq!((answer.status, answer.code()), (200, "OK".into()), "{told}");
    assert_eq!((&told["success"], &told["paymentIsPending"]), (&json!(true), &json!(false)));
    assert_eq!(shop.charges(), [24_000]);
    let cards = told["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 3);
    let (gold, prepaid) = (&cards[0], &cards[1]);
    for (member, expected) in [
        ("ownerId", json!(shop.number("organiser", "hekla"))),
        ("ownerCardTypeId", json!(shop.number("card_type", "gold"))),
        ("initialMaxTickets", json!(5)),
        ("currentAvailableTickets", json!(5)),
        ("maxTicketsPerEvent", json!(2)),
        ("hasStoreCredit", json!(false)),
        ("cardPrice", json!(8_000)),
        ("cardPriceCurrency", json!("ISK")),
        ("pricePaid", json!(8_000)),
        ("phoneFullVerificationNumber", json!(NUMBER)),
        ("holderId", json!("010130-2989")),
        ("holderName", json!("Anna Gestsdóttir")),
        ("holderEmail", json!("anna@example.org")),
        ("paymentMethodId", json!("card")),
        ("paymentStatus", json!("Paid")),
        ("paymentTokenId", told["orderTokenId"].clone()),
        ("multiplePaymentsId", prepaid["multiplePaymentsId"].clone()),
    ] {
        assert_eq!(gold[member], expected, "{member}");
    }
    assert!(gold["multiplePaymentsId"].is_string() && gold["paymentReference"].is_string());
    assert!(gold["phoneVerificationNumber"].is_null(), "a box office has no token");
    assert!(!answer.text().contains("seen nowhere"));
    assert_eq!(
        (&prepaid["initialStoreCredit"], &prepaid["initialMaxTickets"]),
        (&json!(10_000), &json!(0))
    );
    let target = format!(
        "/OrderOwnerCards/status.json?returnCards=true&orderTokenId={}",
        told["orderTokenId"].as_str().unwrap()
    );
    let status = shop.send(&Request::get(&target).key(&shop.admin)).await.json();
    assert_eq!(status, told);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn stock_clients_send_every_member() {
    // Proves that an order with all members of the published page, unset ones as null, empty or 0,
    // is read on every path that clients use.
    let shop = Shop::open().await;
    let mut wanted = paid(&shop, &["gold"]);
    for member in ["applePayInfo", "borgun3DFinalInfo", "signature", "phoneVerificationNumber"] {
        wanted[member] = Value::Null;
    }
    for member in ["paymentMethodId", "paymentPhoneNumber", "appMetaData", "holderId", "deviceId"] {
        wanted[member] = json!("");
    }
    wanted["requestUnixUTCTimeStamp"] = json!(0);
    wanted["cardInfo"]["amount"] = json!(0);
    wanted["cardInfo"]["saveCardToToken"] = json!(false);
    let paths = ["/OrderOwnerCards", "/tickets/json/reply/OwnerCardsOrderRequest"];
    for path in paths.into_iter().chain(["/tickets/OrderOwnerCards", "/api/OwnerCardsOrderRequest"])
    {
        let request = Request::post(path).key(&shop.admin).accept("application/json");
        let answer = shop.send(&request.json(&wanted)).await;
        assert_eq!((answer.status, answer.code()), (200, "OK".into()), "{path} {}", answer.text());
    }
    assert_eq!(shop.charges(), [8_000; 4]);
}

#[tokio::test]
async fn a_free_card_needs_no_instrument() {
    // Proves that nothing is charged for nothing, that an instrument is ignored then, that a
    // single card has no common number, and that cards are left out unless they are asked for.
    let shop = Shop::open().await;
    for wanted in [unpaid(&shop, &["supporter"]), paid(&shop, &["supporter"])] {
        let told = order(&shop, &wanted).await.json();
        let card = &told["cards"][0];
        assert_eq!((&card["paymentMethodId"], &card["pricePaid"]), (&json!("free"), &json!(0)));
        assert!(card["multiplePaymentsId"].is_null());
    }
    let mut quiet = unpaid(&shop, &["supporter"]);
    quiet["returnCards"] = json!(false);
    let told = order(&shop, &quiet).await.json();
    assert_eq!((&told["success"], &told["cards"]), (&json!(true), &Value::Null));
    assert_eq!(shop.charges(), [0_i64; 0]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_decline_makes_no_card() {
    // Proves that a declined order has a handle and no cards, and gives its stock back.
    let shop = Shop::open().await;
    let mut wanted = unpaid(&shop, &["limited", "gold"]);
    wanted["cardInfo"] = card("4000000000000002");
    let answer = order(&shop, &wanted).await;
    let told = answer.json();
    assert_eq!((answer.status_code(), answer.code()), (402, "PaymentDeclined".into()));
    assert_eq!((&told["success"], &told["cards"]), (&json!(false), &Value::Null));
    assert!(told["orderTokenId"].is_string());
    assert_eq!(shop.places("hekla").await, (0, 0));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_key_buys_once() {
    // Proves that the same request with the same key is one order, and another one a conflict.
    let shop = Shop::open().await;
    let send = async |wanted: &Value| {
        let request = Request::post("/OrderOwnerCards.json").key(&shop.admin).json(wanted);
        shop.send(&request.header("Idempotency-Key", "one order")).await
    };
    let wanted = paid(&shop, &["gold"]);
    let first = send(&wanted).await;
    assert_eq!(send(&wanted).await.body, first.body);
    let other = send(&paid(&shop, &["gold", "gold"])).await;
    assert_eq!((other.status_code(), other.code()), (409, "IdempotencyConflict".into()));
    assert_eq!(shop.charges(), [8_000]);
}

#[tokio::test]
async fn the_app_buys_and_uses_cards() {
    // Proves that the app's cards belong to the proved phone, that its token goes back to its own
    // device only, and that such a card gives free tickets, which its number of tickets shows.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    shop.clock.advance(Span::seconds(1));
    let wanted = paid(&shop, &["gold"]);
    let answer = device.send("/OrderOwnerCards", "OwnerCardsOrderRequest", &token, &wanted).await;
    let card = answer.json()["cards"][0].clone();
    assert_eq!(card["phoneVerificationNumber"], json!(token), "{}", answer.text());
    assert_eq!(card["phoneFullVerificationNumber"], json!(NUMBER));
    let mut tickets = ticket(&shop, "match", "adult", 2);
    tickets["order"]["freeTicketCardId"] = card["id"].clone();
    shop.clock.advance(Span::seconds(1));
    assert_eq!(device.order(&token, &tickets).await.code(), "OK");
    let listed = device.send("/OwnerCards", "GetOwnerCards", &token, &json!({})).await.json();
    let listed = &listed["results"][0];
    assert_eq!((&listed["id"], &listed["currentAvailableTickets"]), (&card["id"], &json!(3)));
    assert_eq!(listed["phoneVerificationNumber"], json!(token));
    let of_phone = json!({ "phoneVerificationNumber": NUMBER });
    let office = ask(&shop, &shop.admin, "POST", "/OwnerCards", &of_phone);
    let seen = office.await.json()["results"][0].clone();
    assert_eq!((&seen["id"], &seen["phoneVerificationNumber"]), (&card["id"], &Value::Null));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_receipt_arrives() {
    // Proves that the holder's address gets one letter when the cards are paid for.
    let office = PostOffice::open(Mood::Takes).await;
    let shop = Shop::mailing(Arc::new(office.way())).await;
    let mut wanted = paid(&shop, &["gold", "prepaid"]);
    wanted["holderEmail"] = json!("anna@example.org");
    assert_eq!(order(&shop, &wanted).await.code(), "OK");
    let letter = until("a receipt", async || office.arrived().pop()).await;
    assert!(letter.envelope.iter().any(|line| line.starts_with("RCPT TO:<anna@example.org>")));
}
