//! Taking and giving up what was reserved, once, twice and against each other.

use gateway::Gateway as _;
use serde_json::json;

use crate::fake::{Fault, refusal};
use crate::support::{Till, approved, charge, kind, krona, token};

/// What happens to a reservation of 5 000 ISK, and what it is told to the till.
async fn check(steps: &[(&str, &str)]) {
    let till = Till::open().await;
    let reference = till.reserved("att_1").await;
    let of = charge("att_1", &reference);
    for (number, (step, expected)) in steps.iter().enumerate() {
        let key = format!("move_{number}");
        let result = match *step {
            "capture" => till.gateway.capture(&krona(&key, 5_000), &of).await,
            "capture less" => till.gateway.capture(&krona(&key, 3_000), &of).await,
            "capture more" => till.gateway.capture(&krona(&key, 6_000), &of).await,
            "void" => till.gateway.void(&krona(&key, 5_000), &of).await,
            "fence" => till.gateway.fence(&reserving("att_1")).await,
            "lookup" => till.gateway.lookup(&reserving("att_1")).await,
            other => panic!("no step {other}"),
        };
        assert_eq!(kind(&result), *expected, "step {number} of {steps:?}");
    }
}

fn reserving(key: &str) -> gateway::PaymentRequest<'_> {
    gateway::PaymentRequest { reserves: true, ..krona(key, 5_000) }
}

/// Proves that each movement may come again, under another key too, and says how the reservation
/// stands and never what only the repeat met.
#[tokio::test]
async fn movements_may_come_again() {
    check(&[("capture", "approved"), ("capture", "approved")]).await;
    check(&[("capture less", "approved"), ("capture less", "approved")]).await;
    check(&[("capture less", "approved"), ("capture", "unknown")]).await;
    check(&[("capture more", "not executed"), ("capture", "approved")]).await;
    check(&[("void", "approved"), ("void", "approved")]).await;
    check(&[("void", "approved"), ("capture", "not executed")]).await;
    check(&[("capture", "approved"), ("void", "not executed")]).await;
}

/// Proves that a question finds the reservation, and that a fence ends none that was made.
#[tokio::test]
async fn a_reservation_is_found_and_not_fenced() {
    check(&[("lookup", "approved"), ("fence", "approved"), ("capture", "approved")]).await;
    check(&[("void", "approved"), ("lookup", "not executed")]).await;
    check(&[("capture", "approved"), ("lookup", "approved")]).await;
}

/// Proves that a lost answer of a movement is made good by sending it again under its key.
#[tokio::test]
async fn a_lost_movement_is_sent_again() {
    for (verb, fault, expected) in [
        ("capture", Fault::LostAfter, "approved"),
        ("capture", Fault::LostBefore, "approved"),
        ("capture", Fault::Garbled, "approved"),
        ("cancel", Fault::LostAfter, "approved"),
        ("cancel", Fault::LostBefore, "approved"),
        ("cancel", Fault::Garbled, "approved"),
    ] {
        let till = Till::open().await;
        let reference = till.reserved("att_1").await;
        let of = charge("att_1", &reference);
        let send = async || match verb {
            "capture" => till.gateway.capture(&krona("move_1", 5_000), &of).await,
            _ => till.gateway.void(&krona("move_1", 5_000), &of).await,
        };
        till.fake.breaks(verb, fault.clone());
        if verb == "capture" {
            assert_eq!(kind(&send().await), "unknown", "{fault:?}");
        } else {
            // A doubt about a cancellation is cleared by reading.
            send().await;
        }
        assert_eq!(kind(&send().await), expected, "{verb} {fault:?}");
        let received = till.fake.book(|book| book.intents[&reference].received);
        assert_eq!(received, if verb == "capture" { 500_000 } else { 0 }, "{verb} {fault:?}");
    }
}

/// Proves that a fault which Stripe remembers with the key does not hide what was done.
#[tokio::test]
async fn a_remembered_fault_is_read_over() {
    let till = Till::open().await;
    let reference = till.reserved("att_1").await;
    let of = charge("att_1", &reference);
    let (status, body) = refusal(500, "api_error", "", "");
    till.fake.breaks("capture", Fault::Answer(status, body));
    let result = till.gateway.capture(&krona("move_1", 5_000), &of).await;
    assert_eq!(kind(&result), "unknown");
    // Stripe took it after all, as its operators found.
    till.fake.book(|book| {
        let intent = book.intents.get_mut(&reference).expect("it is there");
        (intent.status, intent.received) = ("succeeded", 500_000);
    });
    approved(&till.gateway.capture(&krona("move_1", 5_000), &of).await);
}

/// Proves that a reservation which Stripe shows as it should not be is left to be asked again.
#[tokio::test]
async fn an_odd_answer_to_a_movement_is_unknown() {
    for body in [
        json!({"id": "pi_1", "status": "requires_capture", "amount": 1, "currency": "isk"}),
        json!({}),
    ] {
        let till = Till::open().await;
        let reference = till.reserved("att_1").await;
        let of = charge("att_1", &reference);
        till.fake.breaks("capture", Fault::Answer(200, body));
        let result = till.gateway.capture(&krona("move_1", 5_000), &of).await;
        assert_eq!(kind(&result), "unknown");
    }
}

/// Proves that a card which needs its holder reserves nothing.
#[tokio::test]
async fn a_challenge_reserves_nothing() {
    let till = Till::open().await;
    let result = till.gateway.authorize(&krona("att_1", 5_000), &token("tok_challenge")).await;
    assert_eq!(kind(&result), "challenge");
    assert_eq!(till.charges(), 0);
}
