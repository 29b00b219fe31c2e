//! What may be shown of a charge, and to whom messages of Stripe's lead.

use domain::money::Money;
use gateway::Gateway as _;
use gateway::stripe::{Event, Occasion, WebhookSecret};
use gateway::{Callback, RECEIPT_ANSWER_LENGTH_MAX};
use serde_json::json;

use crate::fake::Fault;
use crate::support::{NOW, Till, charge};

/// Proves that a receipt shows what it should and that nothing else of Stripe's answer passes.
#[tokio::test]
async fn a_receipt_is_narrowed() {
    let till = Till::open().await;
    let reference = till.sold("att_1").await;
    let receipt = till.gateway.receipt(&charge("att_1", &reference)).await.expect("it has one");
    assert_eq!(receipt.url.as_deref(), Some("https://pay.example.org/receipts/pi_1"));
    assert_eq!(receipt.last_four.as_deref(), Some("4242"));
    assert_eq!(receipt.brand.as_deref(), Some("visa"));
    let answer = receipt.answer.expect("it is short");
    assert!(answer.contains(r#""id":"ch_pi_1""#), "{answer}");
    for secret in ["secret", "w1nter", "Anna", "metadata", "fingerprint"] {
        assert!(!answer.contains(secret), "{secret} in {answer}");
    }
}

/// Proves that long, odd and hostile answers do not pass.
#[tokio::test]
async fn a_receipt_is_bounded() {
    let till = Till::open().await;
    till.sold("att_1").await;
    let body = json!({
        "id": "pi_1", "status": "succeeded", "amount": 1, "currency": "x".repeat(100_000),
        "latest_charge": {
            "receipt_url": "javascript:alert(1)",
            "payment_method_details": {"card": {"last4": "<b>4", "brand": "b".repeat(1_000)}},
        },
    });
    till.fake.breaks("GET", Fault::Answer(200, body));
    let receipt = till.gateway.receipt(&charge("att_1", "pi_1")).await.expect("it has one");
    assert_eq!((receipt.url, receipt.last_four, receipt.brand), (None, None, None));
    assert!(receipt.answer.is_none_or(|answer| answer.len() <= RECEIPT_ANSWER_LENGTH_MAX));
    assert_eq!(till.gateway.receipt(&charge("att_1", "pi_99")).await, None);
    assert_eq!(till.gateway.receipt(&charge("att_1", "")).await, None);
}

/// Proves what each event is about (§2.3), and that one without our key leads to it by its
/// payment.
#[tokio::test]
async fn every_event_has_its_meaning() {
    let read = |kind: &str, object: serde_json::Value| {
        let body = json!({"id": "evt_1", "type": kind, "data": {"object": object}}).to_string();
        Event::read(body.as_bytes()).expect("it is an event")
    };
    for (kind, status, expected) in [
        ("payment_intent.succeeded", "succeeded", Occasion::Payment),
        ("payment_intent.payment_failed", "requires_payment_method", Occasion::Payment),
        ("payment_intent.canceled", "canceled", Occasion::Payment),
        ("payment_intent.amount_capturable_updated", "requires_capture", Occasion::Payment),
        ("payment_intent.requires_action", "requires_action", Occasion::Payment),
        ("charge.refunded", "succeeded", Occasion::Other),
        ("refund.updated", "succeeded", Occasion::Other),
        ("refund.updated", "failed", Occasion::RefundFailed),
        ("refund.failed", "failed", Occasion::RefundFailed),
        ("charge.dispute.created", "needs_response", Occasion::DisputeOpened),
        ("charge.dispute.closed", "lost", Occasion::DisputeClosed),
        ("charge.dispute.closed", "won", Occasion::DisputeClosed),
        ("invoice.paid", "paid", Occasion::Subscription),
        ("invoice.payment_failed", "open", Occasion::Subscription),
        ("invoice.created", "draft", Occasion::Other),
        ("customer.subscription.updated", "past_due", Occasion::Subscription),
        ("customer.subscription.deleted", "canceled", Occasion::Subscription),
        ("customer.created", "", Occasion::Other),
        ("something.new", "", Occasion::Other),
    ] {
        let object = json!({
            "id": "pi_1", "payment_intent": "pi_1", "status": status, "amount": 500_000,
            "currency": "isk", "metadata": {"guichet_key": "att_1"},
        });
        let event = read(kind, object);
        assert_eq!((event.occasion, event.key.as_deref()), (expected, Some("att_1")), "{kind}");
        assert_eq!(event.payment.as_deref(), Some("pi_1"), "{kind}");
        assert_eq!(event.money.map(Money::text).as_deref(), Some("5000"), "{kind}");
    }
    let metadata = json!({"metadata": {"guichet_key": "sub_1"}});
    for bill in [
        json!({"id": "in_1", "subscription_details": metadata}),
        json!({"id": "in_1", "parent": {"subscription_details": metadata}}),
    ] {
        assert_eq!(read("invoice.paid", bill).key.as_deref(), Some("sub_1"));
    }
    for body in [&b"{}"[..], b"", b"[]", br#"{"id":"a b","type":"x","data":{"object":{}}}"#] {
        assert_eq!(Event::read(body), None);
    }
    let till = Till::open().await;
    let reference = till.sold("att_1").await;
    assert_eq!(till.gateway.key_of(&reference).await, Ok(Some("att_1".to_owned())));
    till.gateway.key_of("pi_99").await.expect_err("nobody knows");
}

/// Proves that the gateway believes what one of its secrets signed lately, and nothing without.
#[tokio::test]
async fn a_message_is_believed_by_its_secret() {
    let (old, new) = ("whsec_old", "whsec_new");
    let secrets = |names: &[&str]| names.iter().map(|name| WebhookSecret::new(name)).collect();
    let check = async |secrets: Vec<WebhookSecret>, signed_with: &str, second: i64, expected| {
        let till = Till::open_with(|settings| settings.webhook_secrets = secrets).await;
        let signature = WebhookSecret::new(signed_with).header(second, b"{}");
        let (nonce, path, body) = ("", "/stripe/webhook/stripe", &b"{}"[..]);
        let sent = till.gateway.sent(&Callback { nonce, signature: &signature, path, body });
        assert_eq!(sent, expected, "{signed_with} {second}");
    };
    let now = NOW.seconds();
    check(secrets(&[old, new]), old, now, true).await;
    check(secrets(&[old, new]), new, now, true).await;
    check(secrets(&[new]), old, now, false).await;
    check(secrets(&[new]), new, now - 301, false).await;
    check(secrets(&[]), old, now, false).await;
}
