//! Payments whose answer is lost (`payments.md` §1.11, §6.4): sent once, unless the operator wants
//! otherwise, and never declined.

use std::sync::atomic::{AtomicU16, Ordering};

use domain::time::Span;
use gateway::Gateway as _;

use super::fake::Turn;
use super::{CARD, KEY, open, open_with};
use crate::support::{card, kind, krona};

const PAYMENT: &str = "POST /rpg/api/payment";

#[tokio::test]
async fn a_payment_without_an_answer_is_sent_once() {
    // Proves that both kinds of silence are unknown, and that nothing is sent again.
    for (turn, kept) in [(Turn::LoseRequest, vec![]), (Turn::LoseAnswer, vec![500_000])] {
        let (fake, gateway) = open().await;
        fake.next([turn]);
        assert_eq!(kind(&gateway.sale(&krona(KEY, 5_000), &card(CARD)).await), "unknown");
        assert_eq!(fake.lines(), [PAYMENT]);
        assert_eq!(fake.kept(), kept);
        assert!(!gateway.terms().resumable && gateway.terms().push.is_none());
    }
}

#[tokio::test]
async fn an_operator_may_have_the_order_id_sent_again() {
    // Proves what a second request under the same order id can tell: that the first was lost, or
    // that it may have arrived; and that no card is charged twice either way.
    for (turns, expected, kept) in [
        (vec![Turn::LoseRequest], "approved", vec![500_000]),
        (vec![Turn::LoseAnswer], "unknown", vec![500_000]),
        (vec![Turn::LoseRequest, Turn::LoseRequest], "unknown", vec![]),
        (vec![Turn::LoseRequest, Turn::LoseAnswer], "unknown", vec![500_000]),
        (
            vec![Turn::LoseRequest, Turn::Pay("Declined", "116")],
            "declined InsufficientFunds",
            vec![],
        ),
        (vec![Turn::LoseRequest, Turn::Pay("Declined", "913")], "unknown", vec![]),
    ] {
        let (fake, gateway) = open_with(|settings| settings.resend_same_order_id = true).await;
        fake.next(turns.clone());
        let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
        assert_eq!(kind(&result), expected, "{turns:?}");
        let mut seen = fake.seen();
        seen.retain(|seen| seen.line == PAYMENT);
        assert_eq!(seen.len(), 2, "{turns:?}");
        assert_eq!(seen[0], seen[1], "the same request");
        assert_eq!(fake.kept(), kept, "{turns:?}");
    }
}

#[tokio::test]
async fn an_order_id_pays_once() {
    // Proves that the same key is refused by the gateway, and that this is no decline.
    let (fake, gateway) = open().await;
    assert_eq!(kind(&gateway.sale(&krona(KEY, 5_000), &card(CARD)).await), "approved");
    assert_eq!(kind(&gateway.sale(&krona(KEY, 5_000), &card(CARD)).await), "unknown");
    assert_eq!(fake.kept(), [500_000]);
}

#[tokio::test]
async fn what_never_left_was_not_executed() {
    // Proves that a refused connection is no doubt for a payment and for a refund, whose keys are
    // sent once, and is one for a capture, which may be a repeat.
    static PORT: AtomicU16 = AtomicU16::new(0);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    PORT.store(listener.local_addr().expect("it has one").port(), Ordering::SeqCst);
    drop(listener);
    let (_fake, gateway) = open_with(|settings| {
        settings.client.base_url = format!("http://127.0.0.1:{}/rpg", PORT.load(Ordering::SeqCst));
        settings.client.deadline = Span::seconds(2);
        settings.resend_same_order_id = true;
    })
    .await;
    let request = krona(KEY, 5_000);
    let charge = super::charge("tr_0001");
    assert_eq!(kind(&gateway.sale(&request, &card(CARD)).await), "not executed");
    assert_eq!(kind(&gateway.refund(&request, &charge).await), "not executed");
    assert_eq!(kind(&gateway.capture(&request, &charge).await), "unknown");
    assert_eq!(kind(&gateway.void(&request, &charge).await), "unknown");
    assert_eq!(kind(&gateway.lookup(&super::about(request, "tr_0001")).await), "unknown");
}
