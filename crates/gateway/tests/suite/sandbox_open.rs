//! Payments that are opened first and paid in a browser, at the sandbox in both forms.

use crate::support::{
    CHALLENGE_CARD, FORMS, GIFT_CARD, GOOD_CARD, Till, card, charge, enrolled, exchange, handle_of,
    kind, krona, options, passed, proven_card, start_server,
};
use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use domain::time::Span;
use gateway::sandbox::{SandboxClient, terms};
use gateway::{Gateway, OPEN_PAYMENT_TIME, Source, SourceKind};

fn browser() -> Source {
    SourceKind::Browser.into()
}

/// Opens a payment; brings its handle.
async fn open(gateway: &dyn Gateway, key: &str, amount: i64) -> String {
    match gateway.sale(&krona(key, amount), &browser()).await {
        CallResult::Pending(handle) => handle,
        other => panic!("{key}: {other:?}"),
    }
}

async fn pay(till: &Till, key: &str, handle: &str, number: &str) -> CallResult {
    till.gateway.pay_open(&krona(key, 5_000), handle, &card(number)).await
}

fn moved(till: &Till) -> i64 {
    till.log_lines().iter().map(gateway::sandbox::LogLine::moved).sum()
}

#[tokio::test]
async fn an_open_payment_is_paid_once() {
    // Proves that what is declined leaves the payment open, that a good card pays it once whoever
    // asks again, and that the till hears of it under the key it opened it with.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        till.set_balance("7891", Money::new(10, Currency::ISK)).await;
        let handle = open(&*till.gateway, "a", 5_000).await;
        assert_eq!(handle, open(&*till.gateway, "a", 5_000).await, "{form:?}");
        for (number, expected) in [
            ("4000000000000002", "declined Soft"),
            ("4000000000000119", "unknown"),
            (GIFT_CARD, "declined InsufficientFunds"),
            (CHALLENGE_CARD, "challenge"),
        ] {
            assert_eq!(kind(&pay(&till, "a", &handle, number).await), expected, "{form:?}");
            assert_eq!(kind(&till.lookup("a").await), "pending", "{form:?} {number}");
        }
        assert_eq!(moved(&till), 0, "{form:?}");
        for number in [GOOD_CARD, "4000000000000002"] {
            assert_eq!(kind(&pay(&till, "a", &handle, number).await), "approved", "{form:?}");
        }
        for answer in [till.lookup("a").await, till.fence("a").await] {
            assert_eq!(kind(&answer), "approved", "{form:?}");
        }
        assert_eq!(kind(&till.gateway.sale(&krona("a", 5_000), &browser()).await), "approved");
        assert_eq!(moved(&till), 5_000, "{form:?}");
        assert_eq!(kind(&till.refund("back", "a", 5_000).await), "approved", "{form:?}");
    }
}

#[tokio::test]
async fn a_payment_that_was_given_up_cannot_be_paid() {
    // Proves the fence of an open payment, names that nobody opened, and another amount.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let handle = open(&*till.gateway, "a", 5_000).await;
        let other = till.gateway.sale(&krona("a", 5_001), &browser()).await;
        assert_eq!(kind(&other), "unknown", "{form:?}");
        assert_eq!(kind(&till.fence("a").await), "not executed", "{form:?}");
        for handle in [&handle, "payment_0"] {
            let answer = pay(&till, "a", handle, GOOD_CARD).await;
            assert_eq!(kind(&answer), "not executed", "{form:?} {handle}");
        }
        assert!(till.gateway.buyer_secret("payment_0").await.is_err(), "{form:?}");
        assert!(till.gateway.buyer_secret("no/body").await.is_err(), "{form:?}");
        assert_eq!(moved(&till), 0, "{form:?}");
    }
}

#[tokio::test]
async fn a_challenge_is_passed_first() {
    // Proves that a card with a challenge pays an open payment with the proof of having passed it,
    // and that the proof is spent.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let handle = open(&*till.gateway, "a", 5_000).await;
        let asked = enrolled(&till, "proof", 5_000, CHALLENGE_CARD).await;
        let token = passed(&till, handle_of(&asked)).await;
        let source = proven_card(CHALLENGE_CARD, token);
        let paid = till.gateway.pay_open(&krona("a", 5_000), &handle, &source).await;
        assert_eq!(kind(&paid), "approved", "{form:?}");
        let handle = open(&*till.gateway, "b", 5_000).await;
        let again = till.gateway.pay_open(&krona("b", 5_000), &handle, &source).await;
        assert_eq!(kind(&again), "declined AuthenticationFailed", "{form:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_again() {
    // Proves that an opened payment and a paid one are found by their key when the answer was
    // lost, after the sandbox was started anew, too.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let lost = till.gateway.sale(&krona("lost", 1_666), &browser()).await;
        assert_eq!(kind(&lost), "unknown", "{form:?}");
        let CallResult::Pending(handle) = till.lookup("lost").await else { panic!("{form:?}") };
        assert_eq!(kind(&pay(&till, "lost", &handle, GOOD_CARD).await), "unknown", "{form:?}");
        let waiting = open(&*till.gateway, "waiting", 5_000).await;
        till.close().await;
        let till = Till::open(form, &folder).await;
        assert_eq!(kind(&till.lookup("lost").await), "approved", "{form:?}");
        assert_eq!(kind(&pay(&till, "waiting", &waiting, GOOD_CARD).await), "approved", "{form:?}");
        assert_eq!(moved(&till), 6_666, "{form:?}");
    }
}

#[tokio::test]
async fn a_reservation_may_be_opened_too() {
    // Proves that paying what was opened as a reservation reserves, and that it is captured once.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let opened = till.gateway.authorize(&krona("a", 5_000), &browser()).await;
        let CallResult::Pending(handle) = opened else { panic!("{opened:?}") };
        assert_eq!(kind(&pay(&till, "a", &handle, GOOD_CARD).await), "approved", "{form:?}");
        assert_eq!(kind(&till.refund("back", "a", 5_000).await), "not executed", "{form:?}");
        let capture = till.gateway.capture(&krona("take", 5_000), &charge("a")).await;
        assert_eq!(kind(&capture), "approved", "{form:?}");
        assert_eq!(kind(&till.refund("back2", "a", 5_000).await), "approved", "{form:?}");
    }
}

#[tokio::test]
async fn receipts_show_the_end_of_the_card_alone() {
    // Proves what is told of a charge, and that there is no receipt before the money moved.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let handle = open(&*till.gateway, "a", 5_000).await;
        assert_eq!(till.gateway.receipt(&charge("a")).await, None, "{form:?}");
        pay(&till, "a", &handle, GOOD_CARD).await;
        till.sale("b", 100, "5555555555554444").await;
        for (key, last_four, brand) in [("a", "4242", "visa"), ("b", "4444", "mastercard")] {
            let receipt = till.gateway.receipt(&charge(key)).await.unwrap();
            assert_eq!(receipt.last_four.as_deref(), Some(last_four), "{form:?}");
            assert_eq!(receipt.brand.as_deref(), Some(brand), "{form:?}");
            let answer = receipt.answer.unwrap();
            assert!(answer.contains(r#""currency":"ISK""#), "{answer}");
            assert!(!answer.contains("424242") && !answer.contains("555555"), "{answer}");
        }
        assert_eq!(till.gateway.receipt(&charge("nobody")).await, None, "{form:?}");
    }
}

#[tokio::test]
async fn a_browser_needs_the_secret() {
    // Proves that a browser pays with the secret and not with another one, that the secret is the
    // same whenever it is asked for, and that neither its text nor the card's is in the log.
    let folder = tempfile::tempdir().unwrap();
    let (address, _server) = start_server(options(folder.path())).await;
    let gateway = SandboxClient::new(address, terms("sandbox"));
    let handle = open(&gateway, "a", 5_000).await;
    let secret = gateway.buyer_secret(&handle).await.unwrap();
    assert_eq!(secret.expose(), gateway.buyer_secret(&handle).await.unwrap().expose());
    assert!(secret.expose().starts_with(&format!("{handle}_secret_")), "{secret:?}");
    assert_eq!(format!("{secret:?}"), "BuyerSecret(***)");
    let path = format!("/v1/payments/{handle}/pay");
    let body = |secret: &str| {
        format!(
            r#"{{"secret":"{secret}","card":{{"number":"{GOOD_CARD}","expiry_month":12,
            "expiry_year":2031,"security_code":"123"}}}}"#
        )
    };
    let wrong = exchange(address, "POST", &path, &body("payment_secret")).await;
    assert!(wrong.starts_with("HTTP/1.1 404"), "{wrong}");
    let right = exchange(address, "POST", &path, &body(secret.expose())).await;
    assert!(right.contains("Approved"), "{right}");
    assert_eq!(kind(&gateway.lookup(&krona("a", 5_000)).await), "approved");
    let log = std::fs::read_to_string(folder.path().join("sandbox.log")).unwrap();
    assert!(!log.contains(secret.expose()) && !log.contains(GOOD_CARD), "{log}");
}

#[tokio::test]
async fn browser_payments_have_their_own_terms() {
    // Proves that an open payment waits for hours and less than a day, and a card does not.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let terms = till.gateway.browser_terms().unwrap();
        let push = terms.push.unwrap();
        assert_eq!(push.approval_within, OPEN_PAYMENT_TIME, "{form:?}");
        assert!(push.approval_within < Span::hours(24) && push.browser, "{form:?}");
        assert_eq!(till.gateway.terms().push, None, "{form:?}");
        assert_eq!(terms.name, till.gateway.terms().name, "{form:?}");
    }
}
