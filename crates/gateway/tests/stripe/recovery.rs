//! What is found out after answers were lost, and that nothing is charged twice by finding out.

use domain::attempt::CallResult;
use gateway::Gateway as _;

use crate::fake::{Fault, refusal};
use crate::support::{Till, approved, kind, krona, token};

/// Proves the result of a question after each way a sale may end, and that the question itself
/// charges nothing.
#[tokio::test]
async fn a_lost_sale_is_found() {
    let check = async |place: &str, fault: Fault, found: &str, fenced: &str, charges: usize| {
        let till = Till::open().await;
        till.fake.breaks(place, fault.clone());
        let result = till.sale("att_1", &token("tok_visa")).await;
        assert_eq!(kind(&result), "unknown", "{place} {fault:?}");
        let asked = krona("att_1", 5_000);
        assert_eq!(kind(&till.gateway.lookup(&asked).await), found, "{place} {fault:?}");
        assert_eq!(kind(&till.gateway.fence(&asked).await), fenced, "{place} {fault:?}");
        assert_eq!(kind(&till.gateway.lookup(&asked).await), fenced, "{place} {fault:?}");
        assert_eq!(till.charges(), charges, "{place} {fault:?}");
    };
    let create = "POST /v1/payment_intents";
    check(create, Fault::LostBefore, "not found", "not executed", 0).await;
    check(create, Fault::LostAfter, "not found", "not executed", 0).await;
    check(create, Fault::Garbled, "not found", "not executed", 0).await;
    check("confirm", Fault::LostBefore, "not found", "not executed", 0).await;
    check("confirm", Fault::LostAfter, "approved", "approved", 1).await;
    check("confirm", Fault::Garbled, "approved", "approved", 1).await;
    let (status, body) = refusal(500, "api_error", "", "");
    check("confirm", Fault::Answer(status, body), "not found", "not executed", 0).await;
}

/// Proves that a straggler finds a fenced key shut: its confirmation takes nothing.
#[tokio::test]
async fn a_fenced_key_stays_shut() {
    let till = Till::open().await;
    let fenced = till.gateway.fence(&krona("att_1", 5_000)).await;
    assert_eq!(kind(&fenced), "not executed");
    let late = till.sale("att_1", &token("tok_visa")).await;
    assert_eq!(kind(&late), "not executed");
    assert_eq!(till.charges(), 0);
}

/// Proves that a key which Stripe has forgotten is not told as one that never was: the fence
/// finds the payment by its metadata.
#[tokio::test]
async fn a_forgotten_key_is_searched_for() {
    let till = Till::open().await;
    let reference = till.sold("att_1").await;
    till.fake.forget_keys();
    let asked = krona("att_1", 5_000);
    assert_eq!(kind(&till.gateway.lookup(&asked).await), "not found");
    assert_eq!(approved(&till.gateway.fence(&asked).await), reference);

    // One that was not paid is shut as well.
    let till = Till::open().await;
    let open = till.opened("att_2").await;
    till.fake.forget_keys();
    assert_eq!(kind(&till.gateway.fence(&krona("att_2", 5_000)).await), "not executed");
    assert_eq!(till.fake.book(|book| book.intents[&open].status), "canceled");
}

/// Proves that a fence which cannot search leaves the outcome open.
#[tokio::test]
async fn a_fence_without_a_search_proves_nothing() {
    let till = Till::open().await;
    till.fake.breaks("search", Fault::LostBefore);
    assert_eq!(kind(&till.gateway.fence(&krona("att_1", 5_000)).await), "unknown");
    assert_eq!(kind(&till.gateway.fence(&krona("att_1", 5_000)).await), "not executed");
}

/// Proves that a fence is honest about a payment that gets through while it is put up.
#[tokio::test]
async fn a_payment_may_win_against_its_fence() {
    let till = Till::open().await;
    let handle = till.opened("att_1").await;
    // The cancellation is refused, because the browser was faster.
    let (status, body) =
        refusal(400, "invalid_request_error", "payment_intent_unexpected_state", "");
    till.fake.breaks("cancel", Fault::Answer(status, body));
    let asked = gateway::PaymentRequest { handle: Some(&handle), ..krona("att_1", 5_000) };
    assert_eq!(kind(&till.gateway.fence(&asked).await), "unknown");
    till.fake.book(|book| book.pay_in_browser(&handle, "tok_visa"));
    assert_eq!(approved(&till.gateway.fence(&asked).await), handle);
}

/// Proves that a question with another body than the sale's says nothing: Stripe compares.
#[tokio::test]
async fn another_body_under_the_key_is_unknown() {
    let till = Till::open().await;
    till.sold("att_1").await;
    for asked in
        [krona("att_1", 5_001), gateway::PaymentRequest { reserves: true, ..krona("att_1", 5_000) }]
    {
        assert_eq!(kind(&till.gateway.lookup(&asked).await), "unknown");
        assert_eq!(kind(&till.gateway.fence(&asked).await), "unknown");
    }
    let again = till.gateway.sale(&krona("att_1", 4_000), &token("tok_other")).await;
    assert_eq!(kind(&again), "unknown");
    assert_eq!(till.charges(), 1);
}

/// Proves that the same sale sent twice is one charge, and is answered as before.
#[tokio::test]
async fn the_same_sale_twice_is_one_charge() {
    let till = Till::open().await;
    let first = till.sale("att_1", &token("tok_visa")).await;
    assert_eq!(till.sale("att_1", &token("tok_visa")).await, first);
    assert_eq!(till.charges(), 1);
}

/// Proves that a payment which takes its time is asked about, and not given up.
#[tokio::test]
async fn a_payment_under_way_is_pending() {
    let till = Till::open().await;
    let result = till.sale("att_1", &token("tok_processing")).await;
    assert_eq!(result, CallResult::Pending("pi_1".into()));
    assert_eq!(kind(&till.gateway.lookup(&krona("att_1", 5_000)).await), "pending");
    assert_eq!(kind(&till.gateway.fence(&krona("att_1", 5_000)).await), "unknown");
}
