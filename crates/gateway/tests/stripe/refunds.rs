//! Refunds: once for each key, never more than was taken.

use gateway::Gateway as _;

use crate::fake::{Fault, refusal};
use crate::support::{Till, approved, charge, kind, krona};

/// Proves that refunds in parts are taken up to what was paid, and no further.
#[tokio::test]
async fn more_than_was_paid_is_refused() {
    let till = Till::open().await;
    let reference = till.sold("att_1").await;
    for (key, amount, expected) in [
        ("ref_1", 3_000, "approved"),
        ("ref_2", 2_001, "declined Soft"),
        ("ref_3", 2_000, "approved"),
        ("ref_4", 1, "declined Soft"),
    ] {
        let result = till.refund(key, &reference, amount).await;
        assert_eq!(kind(&result), expected, "{key}");
    }
    assert_eq!(till.fake.book(|book| book.intents[&reference].refunded), 500_000);
}

/// Proves that a refund is made once, however its first answer went, and whether or not Stripe
/// still remembers the key.
#[tokio::test]
async fn a_refund_is_made_once() {
    let (status, body) = refusal(500, "api_error", "", "");
    let faults = [
        None,
        Some(Fault::LostBefore),
        Some(Fault::LostAfter),
        Some(Fault::Garbled),
        Some(Fault::Answer(status, body)),
    ];
    for fault in faults {
        let till = Till::open().await;
        let reference = till.sold("att_1").await;
        if let Some(fault) = &fault {
            till.fake.breaks("POST /v1/refunds", fault.clone());
        }
        let first = till.refund("ref_1", &reference, 5_000).await;
        let expected = if fault.is_none() { "approved" } else { "unknown" };
        assert_eq!(kind(&first), expected, "{fault:?}");
        if matches!(fault, Some(Fault::Answer(..))) {
            // A remembered fault stays one until the key is forgotten.
            till.fake.forget_keys();
        }
        approved(&till.refund("ref_1", &reference, 5_000).await);
        till.fake.forget_keys();
        approved(&till.refund("ref_1", &reference, 5_000).await);
        assert_eq!(till.fake.book(|book| book.refunds.len()), 1, "{fault:?}");
    }
}

/// Proves what each state of a refund means. One that is under way counts as made: Stripe tells
/// by itself should it fail.
#[tokio::test]
async fn every_state_of_a_refund_has_its_meaning() {
    for (status, expected) in [
        ("succeeded", "approved"),
        ("pending", "approved"),
        ("requires_action", "approved"),
        ("failed", "declined Soft"),
        ("canceled", "declined Soft"),
        ("something new", "unknown"),
    ] {
        let till = Till::open().await;
        let reference = till.sold("att_1").await;
        till.fake.book(|book| book.refund_status = Some(status));
        let result = till.refund("ref_1", &reference, 5_000).await;
        assert_eq!(kind(&result), expected, "{status}");
    }
}

/// Proves that a refused connection proves nothing for a refund, whose key may have been sent.
#[tokio::test]
async fn an_unreachable_stripe_leaves_a_refund_unknown() {
    let till = Till::open().await;
    let reference = till.sold("att_1").await;
    let gateway = crate::support::unreachable();
    let of = charge("att_1", &reference);
    assert_eq!(kind(&gateway.refund(&krona("ref_1", 5_000), &of).await), "unknown");
    assert_eq!(kind(&gateway.capture(&krona("cap_1", 5_000), &of).await), "unknown");
    assert_eq!(kind(&gateway.void(&krona("void_1", 5_000), &of).await), "unknown");
    assert_eq!(kind(&gateway.lookup(&krona("att_1", 5_000)).await), "unknown");
    assert_eq!(kind(&gateway.fence(&krona("att_1", 5_000)).await), "unknown");
    let token = crate::support::token("tok_visa");
    assert_eq!(kind(&gateway.sale(&krona("att_1", 5_000), &token).await), "not executed");
}
