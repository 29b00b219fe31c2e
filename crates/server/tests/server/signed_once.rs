//! A signature is good for one request, whatever is asked for.

use serde_json::{Value, json};

use crate::order::{GOOD_CARD, card};
use crate::shop::Shop;
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

/// Path and name of an operation, what is asked for, and the member that is not signed with what
/// somebody else would like there.
type Row = (&'static str, &'static str, Value, &'static str, Value);

/// What concerns phones and payments.
fn payments(shop: &Shop) -> Vec<Row> {
    let organiser = shop.number("organiser", "hekla");
    let kept =
        json!({ "eventOwnerId": organiser, "paymentMethod": card(GOOD_CARD)["paymentMethod"] });
    let other_card = card("5555555555554444")["paymentMethod"].clone();
    let mut info = card(GOOD_CARD);
    info["amount"] = json!(4_000);
    let begun = json!({ "eventId": shop.number("event", "match"), "cardInfo": info });
    let mut other_info = info.clone();
    other_info["amount"] = json!(5_000);
    vec![
        (
            "/phoneverification/request",
            "PhoneVerificationRequest",
            json!({ "fullPhoneNumber": NUMBER }),
            "fullPhoneNumber",
            json!("+3545550009"),
        ),
        (
            "/phoneverification/verification",
            "PhoneVerificationConfirm",
            json!({ "requestId": "A", "code": "123456" }),
            "code",
            json!("123457"),
        ),
        (
            "/phoneverification/revoke",
            "PhoneVerificationRevoke",
            json!({ "otherDevices": true }),
            "otherDevices",
            json!(false),
        ),
        ("/cardTokens/saveCard", "CardTokensSaveCard", kept, "paymentMethod", other_card),
        (
            "/paymentCards/delete",
            "PaymentCardsDelete",
            json!({ "paymentCardId": 7 }),
            "paymentCardId",
            json!(1),
        ),
        ("/threeDSecure/start", "ThreeDSecureStart", begun, "cardInfo", other_info),
        (
            "/threeDSecure/finish",
            "ThreeDSecureFinish",
            json!({ "orderId": "000001AAAAAA" }),
            "orderId",
            json!("000002AAAAAA"),
        ),
    ]
}

/// The same of tickets, cards and seats.
fn goods() -> Vec<Row> {
    vec![
        ("/ticketOrder/find", "TicketOrderFind", json!({}), "onlyLive", json!(true)),
        (
            "/ticketOrder/document",
            "TicketOrderDocument",
            json!({ "format": "pdf" }),
            "ticketTokenId",
            json!("x"),
        ),
        (
            "/ticketOrder/mail",
            "TicketOrderMail",
            json!({ "email": "anna@example.org" }),
            "email",
            json!("thief@example.org"),
        ),
        ("/OrderOwnerCards/status", "OwnerCardsOrderStatus", json!({}), "returnCards", json!(true)),
        ("/OwnerCards", "GetOwnerCards", json!({}), "onlyUsable", json!(true)),
        (
            "/EventSeatingFindAndReserve",
            "EventSeatingFindAndReserve",
            json!({ "eventId": 1, "quantity": 1 }),
            "quantity",
            json!(50),
        ),
        (
            "/EventSeatingReserveSeats",
            "EventSeatingReserveSeats",
            json!({ "eventId": 1, "seatsToReserve": [1] }),
            "seatsToReserve",
            json!([2]),
        ),
        (
            "/EventSeatingReleaseSeats",
            "EventSeatingReleaseSeats",
            json!({ "eventId": 1 }),
            "seatsToRelease",
            json!([2]),
        ),
    ]
}

#[tokio::test]
async fn another_body_is_refused_everywhere() {
    // Proves that a signature that was seen cannot be used for something else while it is fresh,
    // by any operation that makes no sale, and that the request it was made for may come again.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified("+3545550001").await;
    for (path, operation, body, member, value) in payments(&shop).into_iter().chain(goods()) {
        let needs_phone =
            !["PhoneVerificationRequest", "PhoneVerificationConfirm"].contains(&operation);
        let signed = device.signed(operation, if needs_phone { &token } else { "" }, &body);
        let is_replay = async |body: &Value| {
            let answer = device.post(path, body).await.text();
            assert!(!answer.contains("SignatureInvalid"), "{operation}: {answer}");
            answer.contains("SignatureReplayed")
        };
        assert!(!is_replay(&signed).await, "{operation}, first");
        let mut other = signed.clone();
        other[member] = value;
        assert!(is_replay(&other).await, "{operation}, another body");
        assert!(!is_replay(&signed).await, "{operation}, the same again");
    }
}
