//! Every row of `payments.md` §2.4, and every card of §2.5.

use gateway::Gateway as _;
use serde_json::json;

use crate::fake::{Fault, refusal};
use crate::support::{Till, card, kind, krona, token};

/// Proves what each code of a refused card becomes, at once and when it is asked about later.
#[tokio::test]
async fn every_code_has_its_meaning() {
    let check = async |codes: &str, expected: &str, later: &str| {
        let till = Till::open().await;
        let result = till.sale("att_1", &token(&format!("tok_{codes}"))).await;
        assert_eq!(kind(&result), expected, "{codes}");
        let told = till.gateway.lookup(&krona("att_1", 5_000)).await;
        assert_eq!(kind(&told), later, "{codes}, asked later");
        assert_eq!(till.charges(), 0, "{codes}");
    };
    let same = async |codes: &str, expected: &str| check(codes, expected, expected).await;
    same("card_declined-generic_decline", "declined Soft").await;
    same("card_declined-do_not_honor", "declined Soft").await;
    same("card_declined-try_again_later", "declined Soft").await;
    same("card_declined-insufficient_funds", "declined InsufficientFunds").await;
    same("card_declined-card_velocity_exceeded", "declined Soft").await;
    same("card_declined-lost_card", "declined HardAccount").await;
    same("card_declined-stolen_card", "declined HardAccount").await;
    same("card_declined-pickup_card", "declined HardAccount").await;
    same("card_declined-fraudulent", "declined HardAccount").await;
    same("expired_card", "declined HardExpiry").await;
    same("invalid_expiry_month", "declined HardExpiry").await;
    same("invalid_expiry_year", "declined HardExpiry").await;
    same("incorrect_number", "declined CardInvalid").await;
    same("invalid_number", "declined CardInvalid").await;
    same("incorrect_cvc", "declined CvcInvalid").await;
    same("invalid_cvc", "declined CvcInvalid").await;
    same("authentication_required", "challenge").await;
    same("card_declined-authentication_required", "challenge").await;
    same("payment_intent_authentication_failure", "declined AuthenticationFailed").await;
    // Nobody has said no yet; asked later, Stripe says that it took nothing.
    check("processing_error", "unknown", "declined Soft").await;
    check("api_error", "unknown", "declined Soft").await;
}

/// Proves what each kind of refusal means that says nothing about the card.
#[tokio::test]
async fn every_status_has_its_meaning() {
    let check = async |place: &str, status: u16, kind_of_error: &str, expected: &str| {
        let till = Till::open().await;
        let (status, body) = refusal(status, kind_of_error, "", "");
        till.fake.breaks(place, Fault::Answer(status, body));
        let result = till.sale("att_1", &token("tok_visa")).await;
        assert_eq!(kind(&result), expected, "{place} {status}");
        assert_eq!(till.charges(), 0, "{place} {status}");
    };
    for place in ["POST /v1/payment_intents", "confirm"] {
        check(place, 400, "invalid_request_error", "not executed").await;
        check(place, 400, "idempotency_error", "unknown").await;
        check(place, 401, "invalid_request_error", "misconfigured").await;
        check(place, 402, "card_error", "declined Soft").await;
        check(place, 403, "invalid_request_error", "misconfigured").await;
        check(place, 404, "invalid_request_error", "not executed").await;
        check(place, 409, "invalid_request_error", "unknown").await;
        check(place, 429, "invalid_request_error", "not executed").await;
        for status in [500, 502, 503, 504] {
            check(place, status, "api_error", "unknown").await;
        }
    }
}

/// Proves that an answer which cannot be read after the request was sent never is a decline.
#[tokio::test]
async fn silence_and_noise_are_unknown() {
    let faults = [
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::Garbled,
        Fault::Answer(200, json!({"id": "pi_1", "status": "succeeded"})),
        Fault::Answer(200, json!(null)),
        Fault::Answer(402, json!("a proxy's page")),
        Fault::Answer(400, json!({"error": "a text"})),
        Fault::Answer(302, json!({})),
    ];
    for place in ["POST /v1/payment_intents", "confirm"] {
        for fault in &faults {
            let till = Till::open().await;
            till.fake.breaks(place, fault.clone());
            let result = till.sale("att_1", &token("tok_visa")).await;
            assert_eq!(kind(&result), "unknown", "{place} {fault:?}");
        }
    }
}

/// Proves that a token which is none, or was used, is told as a card that is none.
#[tokio::test]
async fn a_token_that_is_none_is_the_buyers_to_correct() {
    let till = Till::open().await;
    let unknown = till.sale("att_1", &token("tok_unknown")).await;
    assert_eq!(kind(&unknown), "declined CardInvalid");
    let unknown = till.sale("att_2", &token("pm_unknown")).await;
    assert_eq!(kind(&unknown), "declined CardInvalid");
    till.sale("att_3", &token("tok_once")).await;
    let used = till.sale("att_4", &token("tok_once")).await;
    assert_eq!(kind(&used), "declined CardInvalid");
}

/// Proves what Stripe's own test cards do (§2.5).
#[tokio::test]
async fn every_test_card_has_its_meaning() {
    for (number, expected) in [
        ("4242424242424242", "approved"),
        ("4000000000000002", "declined Soft"),
        ("4000000000009995", "declined InsufficientFunds"),
        ("4000000000009987", "declined HardAccount"),
        ("4000000000009979", "declined HardAccount"),
        ("4000000000000069", "declined HardExpiry"),
        ("4000000000000127", "declined CvcInvalid"),
        ("4000000000000119", "unknown"),
        ("4000000000000341", "declined Soft"),
        ("4000002500003155", "challenge"),
        ("4000002760003184", "challenge"),
        ("4000008260003178", "challenge"),
        ("4000008400001629", "challenge"),
        ("4000000000003220", "challenge"),
        ("4000000000003063", "challenge"),
    ] {
        let till = Till::open().await;
        assert_eq!(kind(&till.sale("att_1", &card(number)).await), expected, "{number}");
    }
}

/// Proves that no foreign text gets into a reason: Stripe's sentences may quote what was sent.
#[tokio::test]
async fn reasons_quote_nothing() {
    let till = Till::open().await;
    let (status, mut body) = refusal(400, "invalid_request_error", "", "");
    body["error"]["code"] = json!("No such card: 4242424242424242");
    till.fake.breaks("confirm", Fault::Answer(status, body));
    let result = format!("{:?}", till.sale("att_1", &card("4242424242424242")).await);
    assert!(!result.contains("4242"), "{result}");
}
