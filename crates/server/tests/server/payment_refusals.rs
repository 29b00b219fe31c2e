//! Every code of `domain.md` §9.2 that an order can meet, beyond plain cards (those are in
//! `refusals.rs`): what is sent, what is said, and that nothing changed.

use serde_json::{Value, json};

use crate::client::Answer;
use crate::order::{card, paid, unpaid};
use crate::purchases::Purchase;
use crate::shop::Shop;

/// What is wrong, its `statusCode`, its code, and how a good order becomes it.
type Row = (&'static str, u64, &'static str, fn(&mut Value));

const APPLE_PAY: &[Row] = &[
    ("no proof", 400, "ApplePayCryptogramMissing", |order| {
        order["applePayInfo"] = json!({ "threeDSecure": { "dataType": "Manual" } });
    }),
    ("nothing at all", 400, "ApplePayCryptogramMissing", |order| order["applePayInfo"] = json!({})),
    ("a proof that is no base64", 400, "ValidationFailed", |order| {
        apple_pay(order)["threeDSecure"]["cavv"] = json!("A B");
    }),
    ("a proof that is too long", 400, "ValidationFailed", |order| {
        apple_pay(order)["threeDSecure"]["cavv"] = json!("A".repeat(65));
    }),
    ("another kind of proof", 400, "ValidationFailed", |order| {
        apple_pay(order)["threeDSecure"]["dataType"] = json!("Token");
    }),
    ("a level nobody knows", 400, "ValidationFailed", |order| {
        apple_pay(order)["threeDSecure"]["securityLevelInd"] = json!("high");
    }),
    ("two references", 400, "ValidationFailed", |order| {
        order["cardInfo"]["orderId"] = json!("A1");
        apple_pay(order)["orderId"] = json!("A2");
    }),
    ("a card to keep", 400, "SaveCardNotAllowed", |order| {
        apple_pay(order);
        order["cardInfo"]["saveCardToToken"] = json!(true);
    }),
    ("a security code", 400, "CvcInvalid", |order| {
        apple_pay(order);
        order["cardInfo"]["paymentMethod"]["cvc"] = json!("123");
    }),
    ("a saved card", 400, "PaymentMethodMismatch", |order| {
        apple_pay(order);
        order["cardInfo"]["paymentMethod"] = json!({ "paymentType": "TokenMulti", "token": "t" });
    }),
    ("no card", 400, "PaymentMethodRequired", |order| {
        apple_pay(order);
        remove(order, "cardInfo");
    }),
    ("another means beside", 400, "PaymentMethodAmbiguous", |order| {
        apple_pay(order);
        remove(order, "cardInfo");
        order["paymentPhoneNumber"] = json!("5550001");
    }),
    ("called a card", 400, "PaymentMethodMismatch", |order| {
        apple_pay(order);
        call_it(order, "card");
    }),
];

const AUTHENTICATED: &[Row] = &[
    ("no proof", 402, "AuthenticationInvalid", |order| remove(final_info(order), "threeDSecure")),
    ("a made-up proof", 402, "AuthenticationInvalid", |order| {
        final_info(order);
    }),
    ("a proof of another form", 402, "AuthenticationInvalid", |order| {
        final_info(order)["threeDSecure"]["mpiToken"] = json!("mpi");
    }),
    ("another order id", 402, "AuthenticationInvalid", |order| {
        final_info(order)["orderId"] = json!("STB000099999");
    }),
    ("no order id", 402, "AuthenticationInvalid", |order| remove(final_info(order), "orderId")),
    ("another kind of proof", 400, "ValidationFailed", |order| {
        final_info(order)["threeDSecure"]["dataType"] = json!("Manual");
    }),
    ("a reservation", 400, "ValidationFailed", |order| {
        final_info(order)["transactionType"] = json!("PreAuthorization");
    }),
    ("no token", 400, "CardInvalid", |order| remove(final_info(order), "paymentMethod")),
    ("a card", 400, "PaymentMethodMismatch", |order| {
        final_info(order)["paymentMethod"]["paymentType"] = json!("Card");
    }),
    ("a token of nobody", 404, "PaymentCardNotFound", |order| {
        final_info(order)["paymentMethod"]["paymentType"] = json!("TokenMulti");
    }),
    ("whole krónur", 409, "PriceChanged", |order| final_info(order)["amount"] = json!(4000)),
    ("nothing", 409, "PriceChanged", |order| final_info(order)["amount"] = json!(0)),
    ("half a króna", 400, "InvalidAmount", |order| final_info(order)["amount"] = json!(400_050)),
    ("less than nothing", 400, "InvalidAmount", |order| final_info(order)["amount"] = json!(-1)),
    ("another currency", 400, "CurrencyMismatch", |order| {
        final_info(order)["currency"] = json!("978");
    }),
    ("a card beside", 400, "PaymentMethodAmbiguous", |order| {
        let card = order["cardInfo"].clone();
        final_info(order);
        order["cardInfo"] = card;
    }),
];

const OTHERS: &[Row] = &[
    ("a method nobody knows", 400, "PaymentMethodMismatch", |order| {
        call_it(order, "shells");
    }),
    ("a phone named and not sent", 400, "PaymentMethodRequired", |order| {
        remove(order, "cardInfo");
        call_it(order, "phone");
    }),
    ("free, and it costs something", 400, "PaymentMethodRequired", |order| {
        remove(order, "cardInfo");
        call_it(order, "free");
    }),
    ("a phone that is none", 400, "ValidationFailed", |order| {
        remove(order, "cardInfo");
        order["paymentPhoneNumber"] = json!("555");
    }),
    ("a club that takes no phones", 400, "PaymentMethodNotAvailable", |order| {
        remove(order, "cardInfo");
        order["paymentPhoneNumber"] = json!("+3545550001");
    }),
    ("a token to keep", 400, "SaveCardNotAllowed", |order| {
        order["cardInfo"]["saveCardToToken"] = json!(true);
        order["cardInfo"]["paymentMethod"] = json!({ "paymentType": "TokenSingle", "token": "t" });
    }),
    ("a card to keep for nobody", 400, "SaveCardNotAllowed", |order| {
        order["cardInfo"]["saveCardToToken"] = json!(true);
    }),
    ("a reference that is too long", 400, "ValidationFailed", |order| {
        order["cardInfo"]["orderId"] = json!("STB0000123456");
    }),
];

/// Season cards are not paid with the number of a saved card.
const SAVED: &[Row] = &[
    ("a saved card of nobody", 404, "PaymentCardNotFound", |order| {
        remove(order, "cardInfo");
        order["paymentCardId"] = json!(i32::MAX);
    }),
    ("a saved card below all numbers", 404, "PaymentCardNotFound", |order| {
        remove(order, "cardInfo");
        order["paymentCardId"] = json!(-1);
    }),
];

/// Gives the means of paying a name.
fn call_it(order: &mut Value, method: &str) {
    let order = match order.get("order") {
        Some(_) => &mut order["order"],
        None => order,
    };
    order["paymentMethodId"] = json!(method);
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().unwrap().remove(name);
}

/// Makes the order one by Apple Pay.
fn apple_pay(order: &mut Value) -> &mut Value {
    remove(&mut order["cardInfo"]["paymentMethod"], "cvc");
    let proof = json!({ "dataType": "Manual", "securityLevelInd": "2", "cavv": "AAABBBCCC/+=" });
    order["applePayInfo"] = json!({ "threeDSecure": proof });
    &mut order["applePayInfo"]
}

/// Makes the order one of an authenticated card that nobody authenticated.
fn final_info(order: &mut Value) -> &mut Value {
    remove(order, "cardInfo");
    order["borgun3DFinalInfo"] = json!({
        "transactionType": "Sale", "amount": 400_000, "currency": "352", "orderId": "STB000012345",
        "paymentMethod": { "paymentType": "TokenSingle", "token": "single" },
        "threeDSecure": { "dataType": "Token", "mpiToken": "STB000012345.made_up" },
    });
    &mut order["borgun3DFinalInfo"]
}

fn assert_refused(what: &str, answer: &Answer, status_code: u64, code: &str) {
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    let told = (answer.status_code(), answer.code());
    assert_eq!(told, (status_code, code.to_owned()), "{what}: {}", answer.text());
    assert!(answer.ticket().is_null(), "{what}");
}

async fn check_rows(purchases: &[Purchase], rows: &[Row]) {
    for purchase in purchases {
        let shop = Shop::open().await;
        let before = shop.traces().await;
        for (what, status_code, code, change) in rows {
            let what = format!("{what}, {purchase:?}");
            let mut order = purchase.paid(&shop);
            change(&mut order);
            let answer = shop.send(&purchase.request(&shop.admin, &order)).await;
            assert_refused(&what, &answer, *status_code, code);
            assert_eq!(shop.traces().await, before, "{what}");
        }
    }
}

/// The codes that both operations which sell are seen to tell.
pub(crate) fn codes() -> Vec<&'static str> {
    let tables = [APPLE_PAY, AUTHENTICATED, OTHERS];
    tables.iter().flat_map(|rows| rows.iter().map(|row| row.2)).collect()
}

#[tokio::test]
async fn wrong_apple_pay_is_refused() {
    // Proves the rules of `payments.md` §1.9.
    check_rows(&Purchase::ALL, APPLE_PAY).await;
}

#[tokio::test]
async fn wrong_proofs_are_refused() {
    // Proves that nothing of `borgun3DFinalInfo` is taken on trust (`payments.md` §1.8).
    check_rows(&Purchase::ALL, AUTHENTICATED).await;
}

#[tokio::test]
async fn other_wrong_means_are_refused() {
    // Proves the rest: methods, phones, saved cards, references.
    check_rows(&Purchase::ALL, OTHERS).await;
    check_rows(&[Purchase::Tickets], SAVED).await;
}

#[tokio::test]
async fn apple_pay_pays() {
    // Proves that a device's card pays with its proof, and under its own name.
    let shop = Shop::open().await;
    let mut order = paid(&shop, "match", "adult", 1);
    // The bank would want a challenge for this card; the device's proof stands for it.
    order["cardInfo"] = card("4000002760003184");
    apple_pay(&mut order);
    order["order"]["paymentMethodId"] = json!("applePay");
    let answer = shop.order(&order).await;
    assert_eq!(answer.code(), "OK", "{}", answer.text());
    assert_eq!(answer.ticket()["paymentMethodId"], "applePay");
    assert_eq!(shop.charges(), [4_000]);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_reference_is_used_once() {
    // Proves that twelve characters of the client's own name one payment, and that fewer name
    // nothing.
    let shop = Shop::open().await;
    for (reference, code) in [
        ("STB000012345", "OK"),
        ("STB000012345", "DuplicateOrderId"),
        ("STB000012346", "OK"),
        ("STB1", "OK"),
        ("STB1", "OK"),
    ] {
        let mut order = paid(&shop, "match", "adult", 1);
        order["cardInfo"]["orderId"] = json!(reference);
        let answer = shop.order(&order).await;
        assert_eq!(answer.code(), code, "{reference}: {}", answer.text());
    }
    assert_eq!(shop.charges().len(), 4);
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_card_that_fails_is_stopped() {
    // Proves the limit of ten declines an hour for one card, whatever is ordered with it, that
    // another card is not stopped, and that the hour ends.
    let shop = Shop::open().await;
    let order = |number: &str| {
        let mut order = unpaid(&shop, "match", "adult", 1);
        order["cardInfo"] = card(number);
        order
    };
    let bad = order("4000000000000002");
    for turn in 0..10 {
        assert_eq!(shop.order(&bad).await.code(), "PaymentDeclined", "{turn}");
    }
    let calls = shop.gateway_log().len();
    let stopped = shop.order(&bad).await;
    assert_eq!((stopped.status_code(), stopped.code()), (429, "TooManyRequests".to_owned()));
    assert_eq!(shop.gateway_log().len(), calls, "the gateway is not asked");
    assert_eq!(shop.order(&order("4242424242424242")).await.code(), "OK");
    shop.clock.advance(domain::time::Span::hours(1));
    assert_eq!(shop.order(&bad).await.code(), "PaymentDeclined");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_club_may_take_no_card_numbers() {
    // Proves that a club's own rule refuses a card number, that nothing is stored or charged then,
    // and that what costs nothing and other means are taken as before.
    let shop = Shop::open().await;
    shop.change_rules("hekla", |rules| rules.raw_cards_refused = true).await;
    let before = shop.traces().await;
    let refused = shop.order(&paid(&shop, "match", "adult", 1)).await;
    assert_eq!((refused.status_code(), refused.code()), (400, "RawCardNotAllowed".to_owned()));
    assert_eq!(shop.traces().await, before);
    let mut wallet = paid(&shop, "match", "adult", 1);
    apple_pay(&mut wallet);
    assert_eq!(shop.order(&wallet).await.code(), "OK");
    assert_eq!(shop.order(&paid(&shop, "match", "child", 1)).await.code(), "OK");
}
