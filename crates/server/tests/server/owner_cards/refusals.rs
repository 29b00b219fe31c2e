//! Every code that the operations on season cards answer (`domain.md` §9.1–9.3): what is sent,
//! what is said, and that nothing changed.

use serde_json::{Value, json};

use super::{ask, bought, order, paid};
use crate::client::Answer;
use crate::order::card;
use crate::shop::Shop;
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

/// What is wrong, its `statusCode`, its code, and how a good request becomes it.
type Row = (&'static str, u64, &'static str, fn(&Shop, &mut Value));

const ORDERS: &[Row] = &[
    ("no kinds", 400, "NothingToOrder", |_, order| order["ownerCardTypeIds"] = json!([])),
    ("no member for them", 400, "NothingToOrder", |_, order| {
        order.as_object_mut().unwrap().remove("ownerCardTypeIds");
    }),
    ("too many", 400, "ValidationFailed", |shop, order| kinds(shop, order, &["gold"; 21])),
    ("a kind nobody has", 404, "CardTypeNotFound", |_, order| {
        order["ownerCardTypeIds"] = json!([999_999]);
    }),
    ("a kind below nothing", 404, "CardTypeNotFound", |_, order| {
        order["ownerCardTypeIds"] = json!([-1]);
    }),
    ("kinds of two clubs", 404, "CardTypeNotFound", |shop, order| {
        kinds(shop, order, &["gold", "esja-fan"]);
    }),
    ("a kind taken off the sale", 409, "SaleNotActive", |shop, order| {
        kinds(shop, order, &["withdrawn"]);
    }),
    ("after the sale", 409, "SaleNotActive", |shop, order| kinds(shop, order, &["early"])),
    ("last year's", 409, "SaleNotActive", |shop, order| kinds(shop, order, &["last-year"])),
    ("more than there are", 409, "SoldOut", |shop, order| kinds(shop, order, &["limited"; 4])),
    ("a kind that wants a holder", 400, "HolderInfoRequired", |shop, order| {
        kinds(shop, order, &["personal"]);
        order["holderName"] = json!("Anna Gestsdóttir");
    }),
    ("two currencies", 400, "CurrencyMismatch", |shop, order| {
        kinds(shop, order, &["gold", "abroad"]);
    }),
    ("another currency seen", 400, "CurrencyMismatch", |_, order| {
        order["cardInfo"]["currency"] = json!("EUR");
    }),
    ("a currency nobody has", 400, "CurrencyMismatch", |_, order| {
        order["cardInfo"]["currency"] = json!("XXQ");
    }),
    ("another price seen", 409, "PriceChanged", |_, order| {
        order["cardInfo"]["amount"] = json!(7_999);
    }),
    ("half a króna", 400, "InvalidAmount", |_, order| {
        order["cardInfo"]["amount"] = json!(8000.5);
    }),
    ("nothing to pay with", 400, "PaymentMethodRequired", |_, order| {
        order.as_object_mut().unwrap().remove("cardInfo");
    }),
    ("two instruments", 400, "PaymentMethodAmbiguous", |_, order| {
        order["paymentPhoneNumber"] = json!("5550001");
    }),
    ("another method named", 400, "PaymentMethodMismatch", |_, order| {
        order["paymentMethodId"] = json!("phone");
    }),
    ("a wrong digit", 400, "CardInvalid", |_, order| {
        order["cardInfo"] = card("4242424242424241");
    }),
    ("a card of yesterday", 400, "CardExpired", |_, order| {
        order["cardInfo"]["paymentMethod"]["expYear"] = json!("2026");
    }),
    ("a short security code", 400, "CvcInvalid", |_, order| {
        order["cardInfo"]["paymentMethod"]["cvc"] = json!("12");
    }),
    ("an id of another form", 400, "ValidationFailed", |_, order| order["holderId"] = json!("a b")),
    ("no address", 400, "ValidationFailed", |_, order| order["holderEmail"] = json!("anna")),
    ("a long name", 400, "ValidationFailed", |_, order| {
        order["holderName"] = json!("a".repeat(101));
    }),
    ("a name of two lines", 400, "ValidationFailed", |_, order| {
        order["holderName"] = json!("a\nb");
    }),
];

const GIFTS: &[Row] = &[
    ("nobody", 400, "NothingToOrder", |_, gift| gift["holders"] = json!([])),
    ("a holder of nothing", 400, "ValidationFailed", |_, gift| gift["holders"] = json!([{}])),
    ("too many", 400, "ValidationFailed", |_, gift| {
        gift["holders"] = json!(vec![json!({ "holderName": "Anna" }); 401]);
    }),
    ("no phone number", 400, "ValidationFailed", |_, gift| {
        gift["holders"][0]["phoneNumber"] = json!("anna");
    }),
    ("a kind nobody has", 404, "CardTypeNotFound", |_, gift| {
        gift["ownerCardTypeId"] = json!(999_999);
    }),
    ("a kind taken off the sale", 409, "SaleNotActive", |shop, gift| kind(shop, gift, "withdrawn")),
    ("last year's", 409, "SaleNotActive", |shop, gift| kind(shop, gift, "last-year")),
    ("a kind that wants a holder", 400, "HolderInfoRequired", |shop, gift| {
        kind(shop, gift, "personal");
    }),
    ("more than there are", 409, "SoldOut", |shop, gift| {
        kind(shop, gift, "limited");
        gift["holders"] = json!(vec![json!({ "holderName": "Anna" }); 4]);
    }),
    ("a long reason", 400, "ValidationFailed", |_, gift| gift["reason"] = json!("a".repeat(501))),
];

const CHANGES: &[Row] = &[
    ("a card nobody has", 404, "OwnerCardNotFound", |_, change| change["id"] = json!(999_999)),
    ("a card below nothing", 404, "OwnerCardNotFound", |_, change| change["id"] = json!(-1)),
    ("no phone number", 400, "ValidationFailed", |_, change| change["phoneNumber"] = json!("x")),
    ("no address", 400, "ValidationFailed", |_, change| change["holderEmail"] = json!("x")),
    ("an id of another form", 400, "ValidationFailed", |_, change| change["holderId"] = json!("<")),
];

const REFUNDS: &[Row] = &[
    ("a card nobody has", 404, "OwnerCardNotFound", |_, refund| refund["id"] = json!(999_999)),
    ("more than was paid", 409, "RefundExceedsPaid", |_, refund| refund["amount"] = json!(8_001)),
    ("less than nothing", 400, "InvalidAmount", |_, refund| refund["amount"] = json!(-1)),
    ("half a króna", 400, "InvalidAmount", |_, refund| refund["amount"] = json!(0.5)),
    ("a short key", 400, "ValidationFailed", |_, refund| refund["idempotencyKey"] = json!("short")),
];

/// What an app is told of a card for staff.
const STAFF_ONLY: &str = "TeamUseOnly";

/// The codes that orders of cards are seen to be told by the tables of this file.
pub(crate) fn codes() -> Vec<&'static str> {
    ORDERS.iter().map(|row| row.2).chain([STAFF_ONLY]).collect()
}

fn kinds(shop: &Shop, order: &mut Value, slugs: &[&str]) {
    let ids: Vec<u32> = slugs.iter().map(|slug| shop.number("card_type", slug)).collect();
    order["ownerCardTypeIds"] = json!(ids);
}

fn kind(shop: &Shop, gift: &mut Value, slug: &str) {
    gift["ownerCardTypeId"] = json!(shop.number("card_type", slug));
}

/// The code of a refusal, whether it is one of the business or of the form.
fn refusal(answer: &Answer) -> (u64, String) {
    let (status, code, _) = answer.error();
    match answer.status {
        200 => (answer.status_code(), answer.code()),
        _ => (u64::from(status), code),
    }
}

async fn check(shop: &Shop, verb: &str, path: &str, good: &Value, rows: &[Row]) {
    let before = shop.traces().await;
    for (what, status, code, spoil) in rows {
        let mut request = good.clone();
        spoil(shop, &mut request);
        let answer = ask(shop, &shop.admin, verb, path, &request).await;
        assert_eq!(refusal(&answer), (*status, (*code).to_owned()), "{what}: {}", answer.text());
        assert_eq!(shop.traces().await, before, "{what}");
    }
}

#[tokio::test]
async fn orders_are_refused() {
    // Proves each code that what is ordered brings about before any gateway, and that the dates
    // of a sale are told.
    let shop = Shop::open().await;
    bought(&shop, "gold", NUMBER).await;
    check(&shop, "POST", "/OrderOwnerCards", &paid(&shop, &["gold"]), ORDERS).await;
    let early = paid(&shop, &["early"]);
    let told = order(&shop, &early).await.json()["message"].as_str().unwrap().to_owned();
    assert!(told.contains("2027-02-01") && told.contains("2027-03-01"), "{told}");
    assert_eq!(shop.charges(), [8_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn apps_buy_no_cards_for_staff() {
    // Proves that only the club itself gives some cards out, and that nothing changed.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    let (before, staff) = (shop.traces().await, paid(&shop, &["staff"]));
    let answer = device.send("/OrderOwnerCards", "OwnerCardsOrderRequest", &token, &staff).await;
    assert_eq!(refusal(&answer), (403, STAFF_ONLY.into()));
    assert_eq!(shop.traces().await, before);
}

#[tokio::test]
async fn the_office_is_refused() {
    // Proves each code of gifts, changes and refunds, and that another club sees no card.
    let shop = Shop::open().await;
    let card = bought(&shop, "gold", NUMBER).await;
    let gift = json!({
        "ownerCardTypeId": shop.number("card_type", "staff"),
        "holders": [{ "phoneNumber": NUMBER }],
    });
    check(&shop, "POST", "/eventOwnerGiveAwayCards", &gift, GIFTS).await;
    let change = json!({ "id": card["id"], "isBlocked": true });
    check(&shop, "PUT", "/OwnerCards", &change, CHANGES).await;
    let refund = json!({ "id": card["id"] });
    check(&shop, "POST", "/OwnerCards/refund", &refund, REFUNDS).await;
    let (before, esja) = (shop.traces().await, shop.key(&["TeamAdmin"], &["esja"]).await);
    let app = App::new(&shop).await;
    for (verb, path, body, code) in [
        ("POST", "/eventOwnerGiveAwayCards", &gift, "OwnerScopeDenied"),
        ("PUT", "/OwnerCards", &change, "OwnerCardNotFound"),
        ("POST", "/OwnerCards/refund", &refund, "OwnerCardNotFound"),
    ] {
        let answer = ask(&shop, &esja, verb, path, body).await;
        assert_eq!(refusal(&answer).1, code, "{path}");
        assert_eq!(ask(&shop, &app.key, verb, path, body).await.status, 403, "{path}");
    }
    let gifted = ask(&shop, &shop.admin, "POST", "/eventOwnerGiveAwayCards", &gift).await.json();
    let refund = json!({ "id": gifted["ownerCardIds"][0] });
    let answer = ask(&shop, &shop.admin, "POST", "/OwnerCards/refund", &refund).await;
    assert_eq!(refusal(&answer), (409, "NotRefundable".into()), "{}", answer.text());
    assert_ne!(shop.traces().await, before, "a gift with credit is booked");
    shop.assert_all_is_well().await;
}
