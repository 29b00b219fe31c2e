//! What is lost, garbled or about something else.

use domain::attempt::CallResult;
use gateway::phone::Confirmation;
use gateway::{Gateway as _, SigningScheme};
use serde_json::json;

use crate::fake::{FakeProvider, Standing, Turn};
use crate::support::{about_cart, ask, gateway, kind, request};

const PLAIN: SigningScheme = SigningScheme::Hash;

#[tokio::test]
async fn a_lost_cart_costs_nobody_money() {
    // Proves that a cart whose number was lost is never confirmed, even if the payer accepts it:
    // the till may promise that its key moves nothing. Where the payer's yes is enough, it may not.
    for (confirmation, looked_up, fenced, stands) in [
        (Confirmation::ByTill, "not found", "not executed", Standing::Reserved),
        (Confirmation::ByPayer, "unknown", "unknown", Standing::Confirmed),
    ] {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, confirmation);
        provider.next(Turn::LoseAnswer);
        assert_eq!(kind(&ask(&gateway).await), "unknown", "{confirmation:?}");
        provider.customer(true);
        assert_eq!(kind(&gateway.lookup(&request(5_000)).await), looked_up, "{confirmation:?}");
        assert_eq!(kind(&gateway.fence(&request(5_000)).await), fenced, "{confirmation:?}");
        assert_eq!(provider.standing(), stands, "{confirmation:?}");
        assert_eq!(provider.paths(), ["/api/InsertCart"], "{confirmation:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    // Proves that the answer to any later call may be lost without harm: the next question finds
    // what was done.
    let lost = [
        (vec![Turn::LoseRequest], "unknown", Standing::Reserved),
        (vec![Turn::LoseAnswer], "unknown", Standing::Reserved),
        (vec![Turn::Garble("<html>"), Turn::LoseAnswer], "unknown", Standing::Reserved),
    ];
    for (turns, expected, stands) in lost {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, Confirmation::ByTill);
        ask(&gateway).await;
        provider.customer(true);
        provider.next(turns[0].clone());
        let answer = gateway.lookup(&about_cart(5_000)).await;
        assert_eq!((&*kind(&answer), provider.standing()), (expected, stands), "{turns:?}");
        assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "approved cart-1");
    }
    let provider = FakeProvider::start(PLAIN).await;
    let gateway = gateway(&provider, Confirmation::ByTill);
    ask(&gateway).await;
    provider.customer(true);
    provider.next(Turn::Say(200, json!({ "Success": true, "ResultCode": 10426 })));
    provider.next(Turn::LoseAnswer);
    assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "unknown");
    assert_eq!(provider.standing(), Standing::Confirmed);
    assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "approved cart-1");
}

#[tokio::test]
async fn nobody_is_charged_at_a_closed_door() {
    // Proves that a refused connection proves that a cart was not sent, and nothing about one that
    // may have been sent before.
    let provider = FakeProvider::start(PLAIN).await;
    let gateway = gateway(&provider, Confirmation::ByTill);
    drop(provider);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let CallResult::NotExecuted(reason) = ask(&gateway).await else { panic!("it was sent") };
    assert!(reason.starts_with("The gateway could not be reached"), "{reason}");
    for answer in
        [gateway.lookup(&about_cart(5_000)).await, gateway.fence(&about_cart(5_000)).await]
    {
        assert_eq!(kind(&answer), "unknown");
    }
}

#[tokio::test]
async fn statuses_and_bodies_that_say_nothing_prove_nothing() {
    // Proves what answers of HTTP mean for a cart that was just sent, and that no text of the
    // provider gets into a reason.
    for (status, expected) in [(401, "misconfigured"), (403, "misconfigured"), (500, "unknown")] {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, Confirmation::ByTill);
        provider.next(Turn::Say(status, json!({ "Message": "hush" })));
        let answer = ask(&gateway).await;
        assert_eq!(kind(&answer), expected, "{status}");
        assert!(!format!("{answer:?}").contains("hush"), "{answer:?}");
        provider.next(Turn::Say(status, json!({})));
        assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "unknown", "{status}");
    }
    for text in ["", "null", "{}", "[]", r#"{"Success":true,"ResultCode":"x"}"#, "\u{0}"] {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, Confirmation::ByTill);
        provider.next(Turn::Garble(text));
        assert_eq!(kind(&ask(&gateway).await), "unknown", "{text}");
    }
    for name in ["", "a/b", "..", "a b", &"x".repeat(65)] {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, Confirmation::ByTill);
        let answer = json!({ "Success": true, "ResultCode": 200, "TransactionId": name });
        provider.next(Turn::Say(200, answer));
        assert_eq!(kind(&ask(&gateway).await), "unknown", "{name}");
    }
}

#[tokio::test]
async fn another_payment_is_not_ours() {
    // Proves that an approval counts only for the amount and the key that were asked for.
    let provider = FakeProvider::start(PLAIN).await;
    let gateway = gateway(&provider, Confirmation::ByTill);
    ask(&gateway).await;
    for (info, expected) in [
        (json!({ "TotalAmount": 5000, "ReferenceNumber": "att_1_77_1" }), "approved cart-1"),
        (json!({ "TotalAmount": 5000.0 }), "approved cart-1"),
        (json!({ "TotalAmount": 4999 }), "unknown"),
        (json!({ "TotalAmount": 500000 }), "unknown"),
        (json!({ "ReferenceNumber": "att_1_78_1" }), "unknown"),
    ] {
        let answer = json!({ "Success": true, "ResultCode": 10200, "PaymentInfo": info });
        provider.next(Turn::Say(200, answer));
        let came = gateway.lookup(&about_cart(5_000)).await;
        assert_eq!(kind(&came), expected, "{info}");
    }
}
