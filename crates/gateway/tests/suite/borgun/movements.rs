//! Capture, cancel and refund (`payments.md` §1.2), and what is read after doubt.

use domain::attempt::CallResult;
use domain::money::Currency;
use gateway::borgun::Borgun;
use gateway::{Gateway as _, PaymentRequest};
use serde_json::json;

use super::fake::{FakeRpg, Turn};
use super::{CARD, KEY, charge, open, reference};
use crate::support::{card, kind, krona, request};

const RESERVED: &str = "tr_0001";

/// A reservation of 5 000 kr.
async fn reserved() -> (FakeRpg, Borgun) {
    let (fake, gateway) = open().await;
    let result = gateway.authorize(&krona(KEY, 5_000), &card(CARD)).await;
    assert_eq!(reference(&result), RESERVED);
    fake.seen();
    (fake, gateway)
}

/// A payment of 5 000 kr.
async fn paid() -> (FakeRpg, Borgun) {
    let (fake, gateway) = open().await;
    let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
    assert_eq!(reference(&result), RESERVED);
    fake.seen();
    (fake, gateway)
}

async fn capture(gateway: &Borgun) -> CallResult {
    gateway.capture(&krona("att_2_7_2_00000000000000ab", 5_000), &charge(RESERVED)).await
}

async fn void(gateway: &Borgun) -> CallResult {
    gateway.void(&krona("att_2_7_2_00000000000000ab", 5_000), &charge(RESERVED)).await
}

async fn refund(gateway: &Borgun, amount: i64) -> CallResult {
    gateway.refund(&krona("att_2_7_2_00000000000000ab", amount), &charge(RESERVED)).await
}

#[tokio::test]
async fn a_reservation_is_captured_once() {
    // Proves the request, and that a second capture, refused by the gateway, is still a yes.
    let (fake, gateway) = reserved().await;
    assert_eq!(reference(&capture(&gateway).await), RESERVED);
    assert_eq!(fake.lines(), ["PUT /rpg/api/payment/tr_0001/capture"]);
    assert_eq!(reference(&capture(&gateway).await), RESERVED);
    let asked = ["PUT /rpg/api/payment/tr_0001/capture", "GET /rpg/api/payment/tr_0001"];
    assert_eq!(fake.lines(), asked);
    assert_eq!(kind(&void(&gateway).await), "not executed", "what is captured stays");
    assert_eq!(fake.kept(), [500_000]);
}

#[tokio::test]
async fn a_reservation_is_given_up_once() {
    // Proves the same for the other end of a reservation.
    let (fake, gateway) = reserved().await;
    assert_eq!(reference(&void(&gateway).await), RESERVED);
    assert_eq!(fake.lines(), ["PUT /rpg/api/payment/tr_0001/cancel"]);
    assert_eq!(reference(&void(&gateway).await), RESERVED);
    assert_eq!(kind(&capture(&gateway).await), "not executed", "there is nothing to take");
    assert_eq!(fake.kept(), [0_i64; 0]);
}

#[tokio::test]
async fn an_end_in_doubt_is_read() {
    // Proves what a lost or odd answer to capture and cancel becomes: what the payment says.
    let lost = || [Turn::LoseAnswer];
    let (fake, gateway) = reserved().await;
    fake.next(lost());
    assert_eq!(reference(&capture(&gateway).await), RESERVED, "it was captured");
    let (fake, gateway) = reserved().await;
    fake.next(lost());
    assert_eq!(reference(&void(&gateway).await), RESERVED, "it was given up");

    let (fake, gateway) = reserved().await;
    for turn in [
        Turn::LoseRequest,
        Turn::Say(500, json!({})),
        Turn::Say(401, json!({})),
        Turn::Say(200, json!({ "ActionCode": "109" })),
        Turn::Say(200, json!({ "ActionCode": "909" })),
        Turn::Say(200, json!({ "ActionCode": "913" })),
        Turn::Say(200, json!({})),
    ] {
        fake.next([turn.clone()]);
        assert_eq!(kind(&capture(&gateway).await), "unknown", "{turn:?}: still reserved");
        fake.next([turn.clone()]);
        assert_eq!(kind(&void(&gateway).await), "unknown", "{turn:?}: still reserved");
    }
    fake.next([Turn::Say(400, json!({ "Message": "Merchant: NotActive" }))]);
    assert_eq!(kind(&capture(&gateway).await), "not executed", "refused, and still reserved");
    fake.next([Turn::Say(400, json!({})), Turn::LoseRequest]);
    assert_eq!(kind(&capture(&gateway).await), "unknown", "refused, and nobody says why");
    fake.next([Turn::LoseAnswer, Turn::LoseRequest]);
    assert_eq!(kind(&capture(&gateway).await), "unknown", "captured, but nobody says so");
    assert_eq!(reference(&capture(&gateway).await), RESERVED, "asked again, it does");
}

#[tokio::test]
async fn a_refund_names_its_part() {
    // Proves the unit of a refund, and that more than is left is refused by the gateway.
    let (fake, gateway) = paid().await;
    assert_eq!(reference(&refund(&gateway, 1_500).await), RESERVED);
    let seen = fake.seen();
    assert_eq!(seen[0].line, "PUT /rpg/api/payment/tr_0001/refund");
    assert_eq!(seen[0].body, json!({ "PartialAmount": 150_000 }));
    assert_eq!(kind(&refund(&gateway, 3_501).await), "not executed");
    assert_eq!(kind(&refund(&gateway, 3_500).await), "approved");
    assert_eq!(kind(&refund(&gateway, 1).await), "not executed", "nothing is left");
    assert_eq!(fake.kept(), [0_i64; 0]);
    assert_eq!(fake.lines().len(), 3, "refusals are clear enough");
}

#[tokio::test]
async fn a_refund_in_doubt_is_never_sent_again() {
    // Proves that after a lost answer only the payment is read, and what that can tell.
    let put = "PUT /rpg/api/payment/tr_0001/refund";
    let get = "GET /rpg/api/payment/tr_0001";
    let (fake, gateway) = paid().await;
    fake.next([Turn::LoseAnswer]);
    assert_eq!(kind(&refund(&gateway, 5_000).await), "approved", "all of it went back");
    assert_eq!(fake.lines(), [put, get]);

    let (fake, gateway) = paid().await;
    fake.next([Turn::LoseRequest]);
    assert_eq!(kind(&refund(&gateway, 5_000).await), "unknown", "nothing went back, yet");
    assert_eq!(fake.lines(), [put, get]);
    fake.next([Turn::LoseAnswer]);
    assert_eq!(kind(&refund(&gateway, 1_000).await), "unknown", "a part does not show");
    fake.next([Turn::Say(500, json!({}))]);
    assert_eq!(kind(&refund(&gateway, 1_000).await), "unknown");
    assert_eq!(fake.kept(), [400_000]);
    fake.next([Turn::LoseAnswer]);
    assert_eq!(kind(&refund(&gateway, 4_000).await), "unknown", "whose refund ended it?");
    assert_eq!(fake.kept(), [0_i64; 0]);
}

#[tokio::test]
async fn the_code_of_a_movement_counts() {
    // Proves what a refusal by code becomes, and a movement of a payment that has no name.
    let (fake, gateway) = paid().await;
    for (code, expected) in [
        ("914", "not executed"),
        ("110", "not executed"),
        ("916", "misconfigured"),
        ("100", "declined Soft"),
        ("907", "unknown"),
        ("913", "unknown"),
        ("", "unknown"),
    ] {
        fake.next([Turn::Say(200, json!({ "ActionCode": code, "Message": "x" }))]);
        assert_eq!(kind(&refund(&gateway, 5_000).await), expected, "{code}");
    }
    fake.seen();
    let other = request(KEY, 1, Currency::parse("KRW").expect("it is one"));
    assert_eq!(kind(&gateway.refund(&other, &charge(RESERVED)).await), "not executed");
    let request: PaymentRequest<'_> = krona(KEY, 1);
    for result in [
        gateway.refund(&request, &charge("")).await,
        gateway.capture(&request, &charge("a/b")).await,
        gateway.void(&request, &charge("..")).await,
    ] {
        assert_eq!(kind(&result), "not executed");
    }
    assert!(fake.lines().is_empty(), "nothing was sent");
}
