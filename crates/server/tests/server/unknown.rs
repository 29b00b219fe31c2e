//! Payments that nobody knows the result of, until the janitor or a person does
//! (`payments.md` §6.4).

use std::sync::Arc;

use domain::audit::AuditEvent;
use domain::time::Span;
use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::gate::Silence;
use crate::order::{card, paid, unpaid};
use crate::shop::{Engine, Shop, until};

/// Longer than a call may still be on its way.
const PAST_SENDING: Span = Span::minutes(2);

/// Longer than the machine goes on asking.
const PAST_ASKING: Span = Span::hours(25);

async fn pending(shop: &Shop, order: &Value) -> String {
    let answer = shop.order(order).await;
    let told = (answer.status, answer.status_code(), answer.code());
    assert_eq!(told, (200, 202, "PaymentPending".to_owned()), "{}", answer.text());
    let ticket = answer.ticket();
    assert_eq!(
        (&ticket["ticketStatus"], &ticket["scanCode"]),
        (&json!("PendingPayment"), &json!(null))
    );
    assert_eq!(shop.places("hekla").await, (1, 0), "the place stays held");
    answer.token()
}

#[tokio::test]
async fn the_janitor_finds_out_what_happened() {
    // Proves that a lost answer is never taken for a decline: the charge that happened becomes
    // a ticket, the one that did not gives its place back, and neither is sent again.
    for (ticket_type, status_code, status, places, charges) in [
        ("answer-lost", 200, "Bought", (0, 1), vec![666]),
        ("nothing-done", 502, "PaymentFailed", (0, 0), vec![]),
    ] {
        let shop = Shop::open().await;
        let order = paid(&shop, "match", ticket_type, 1);
        let token = pending(&shop, &order).await;
        shop.clock.advance(PAST_SENDING);
        let settled = shop.settled(&token).await;
        let told = (settled.status_code(), settled.json()["ticketStatus"].clone());
        assert_eq!(told, (status_code, json!(status)), "{ticket_type}: {}", settled.text());
        assert_eq!(shop.places("hekla").await, places, "{ticket_type}");
        assert_eq!(shop.charges(), charges, "{ticket_type}");
        shop.assert_all_is_well().await;
    }
}

async fn under_review(shop: &Shop, token: &str) {
    let early = review(shop, json!({ "ticketTokenId": token, "verdict": "NotCharged" })).await;
    assert_eq!(early.code(), "NotUnderReview", "the machine still asks");
    shop.clock.advance(PAST_ASKING);
    until("the review", async || (shop.check().await.reviews == 1).then_some(())).await;
    let status = shop.status(token).await;
    assert_eq!(
        (status.status_code(), &status.json()["ticketStatus"]),
        (202, &json!("PendingPayment"))
    );
    assert_eq!(shop.places("hekla").await, (1, 0), "the place waits for the person");
}

async fn review(shop: &Shop, body: Value) -> Answer {
    shop.send(&Request::post("/ticketOrder/review.json").key(&shop.admin).json(&body)).await
}

#[tokio::test]
async fn a_bank_error_is_decided_by_a_person() {
    // Proves the way of card 909: pending, a day of questions, a review that says "not
    // charged", and the place is free again.
    let shop = Shop::open().await;
    let mut order = unpaid(&shop, "match", "adult", 1);
    order["cardInfo"] = card("4000000000000119");
    let token = pending(&shop, &order).await;
    under_review(&shop, &token).await;
    let verdict = json!({ "ticketTokenId": token, "verdict": "NotCharged", "reason": "looked" });
    let decided = review(&shop, verdict.clone()).await;
    assert_eq!(decided.json()["ticketStatus"], "PaymentFailed", "{}", decided.text());
    assert_eq!(shop.places("hekla").await, (0, 0));
    assert_eq!(review(&shop, verdict).await.code(), "NotUnderReview");
    let audit = crate::audit::told(&shop).await;
    let told: Vec<_> =
        audit.iter().filter(|it| it.note.event == AuditEvent::PaymentDecided).collect();
    assert_eq!((told.len(), told[0].note.by.as_str()), (1, "a test"));
    assert!(told[0].note.detail.ends_with(": no money moved; looked"), "{told:?}");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_silent_gateway_is_decided_by_a_person() {
    // Proves the same for a gateway that never answers and cannot be asked, with the verdict
    // "charged": the ticket is issued under the payment that was found.
    let shop = Shop::with(Engine::Memory, |_| Arc::new(Silence::new())).await;
    let token = pending(&shop, &paid(&shop, "match", "adult", 1)).await;
    under_review(&shop, &token).await;
    for (body, field) in [
        (json!({ "ticketTokenId": token }), "Verdict"),
        (json!({ "ticketTokenId": token, "verdict": "Charged" }), "PaymentReference"),
        (json!({ "ticketTokenId": token, "verdict": "Perhaps" }), "Verdict"),
    ] {
        let answer = review(&shop, body).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![field.to_owned()]));
    }
    let found = json!({
        "ticketTokenId": token, "verdict": "Charged", "paymentReference": "found-in-the-books",
    });
    let decided = review(&shop, found).await;
    assert_eq!((decided.status_code(), &decided.json()["ticketStatus"]), (200, &json!("Bought")));
    assert_eq!(shop.places("hekla").await, (0, 1));
    let sale = &shop.sales("hekla").await[0];
    let approval = sale.charge().and_then(|charge| charge.approval.clone()).unwrap();
    assert_eq!((approval.reference.as_str(), sale.paid()), ("found-in-the-books", 4_000));
    shop.assert_all_is_well().await;
}
