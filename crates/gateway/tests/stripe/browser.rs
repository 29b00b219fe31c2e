//! Payments that a browser finishes with the client secret (`payments.md` §2.1).

use domain::attempt::CallResult;
use gateway::{Gateway as _, PaymentRequest};

use crate::fake::Fault;
use crate::support::{Till, approved, card, kind, krona, token};

fn about<'a>(key: &'a str, handle: &'a str) -> PaymentRequest<'a> {
    PaymentRequest { handle: Some(handle), ..krona(key, 5_000) }
}

/// Proves what the till hears of an open payment at each step of its browser.
#[tokio::test]
async fn an_open_payment_is_told_as_it_stands() {
    let till = Till::open().await;
    let handle = till.opened("att_1").await;
    let asked = about("att_1", &handle);
    let stands = async |expected: &str| {
        assert_eq!(kind(&till.gateway.lookup(&asked).await), expected);
    };
    stands("pending").await;
    till.fake.book(|book| book.pay_in_browser(&handle, "tok_card_declined-lost_card"));
    stands("pending").await;
    till.fake.book(|book| book.pay_in_browser(&handle, "tok_challenge"));
    stands("pending").await;
    till.fake.book(|book| book.authenticate(&handle, false));
    stands("pending").await;
    till.fake.book(|book| book.pay_in_browser(&handle, "tok_processing"));
    stands("pending").await;
    till.fake.book(|book| book.pay_in_browser(&handle, "tok_visa"));
    stands("approved").await;
    let fenced = till.gateway.fence(&asked).await;
    assert_eq!(approved(&fenced), handle, "what is paid is not cancelled");
    assert!(till.requests()[1..].iter().all(|line| !line.contains("[att_1]")), "read by its name");
}

/// Proves that a payer whose time is over finds the payment shut.
#[tokio::test]
async fn an_open_payment_is_cancelled_by_its_fence() {
    let till = Till::open().await;
    let handle = till.opened("att_1").await;
    assert_eq!(kind(&till.gateway.fence(&about("att_1", &handle)).await), "not executed");
    assert_eq!(kind(&till.gateway.lookup(&about("att_1", &handle)).await), "not executed");
    let late = till.pay_open(&handle, &token("tok_visa")).await;
    assert_eq!(kind(&late), "not executed");
    assert_eq!(till.charges(), 0);
}

/// Proves that the secret is Stripe's, belongs to the payment, and is shown by no debug print.
#[tokio::test]
async fn the_buyers_secret_is_read() {
    let till = Till::open().await;
    let handle = till.opened("att_1").await;
    let secret = till.gateway.buyer_secret(&handle).await.expect("it has one");
    assert_eq!(secret.expose(), format!("{handle}_secret_w1nter"));
    assert!(!format!("{secret:?}").contains("w1nter"));
    let unknown = till.gateway.buyer_secret("pi_99").await.expect_err("there is none");
    assert_eq!(kind(&unknown), "unknown");
}

/// Proves that a card or token that came to the till pays the open payment, that a decline leaves
/// it open for the next try, and that it is charged once.
#[tokio::test]
async fn an_open_payment_is_paid_at_the_till() {
    let till = Till::open().await;
    let handle = till.opened("att_1").await;
    for (source, expected) in [
        (token("tok_card_declined-insufficient_funds"), "declined InsufficientFunds"),
        (token("tok_unknown"), "declined CardInvalid"),
        (card("4000000000000002"), "declined Soft"),
        (card("4000000000000002"), "declined Soft"),
        (token("tok_challenge"), "challenge"),
        (card("4242424242424242"), "approved"),
        (card("4242424242424242"), "approved"),
        (token("tok_visa"), "approved"),
    ] {
        assert_eq!(kind(&till.pay_open(&handle, &source).await), expected, "{source:?}");
    }
    assert_eq!(till.charges(), 1);
}

/// Proves that the bank's page may come between, and that its end is found by asking.
#[tokio::test]
async fn a_challenge_is_finished_by_the_browser() {
    for (passes, expected) in [(true, "approved"), (false, "pending")] {
        let till = Till::open().await;
        let handle = till.opened("att_1").await;
        let paid = till.pay_open(&handle, &token("tok_challenge")).await;
        assert_eq!(paid, CallResult::ChallengeRequired(handle.clone()));
        till.fake.book(|book| book.authenticate(&handle, passes));
        let asked = till.gateway.lookup(&about("att_1", &handle)).await;
        assert_eq!(kind(&asked), expected);
    }
}

/// Proves that a lost answer, or a Stripe that is not there, says nothing final about a payment
/// that can be paid in another way.
#[tokio::test]
async fn a_lost_payment_at_the_till_is_unknown() {
    let till = Till::open().await;
    let handle = till.opened("att_1").await;
    till.fake.breaks("confirm", Fault::LostAfter);
    let lost = till.pay_open(&handle, &token("tok_visa")).await;
    assert_eq!(kind(&lost), "unknown");
    approved(&till.gateway.lookup(&about("att_1", &handle)).await);
    let gateway = crate::support::unreachable();
    let silent = gateway.pay_open(&krona("att_1", 5_000), &handle, &token("tok_visa")).await;
    assert_eq!(kind(&silent), "unknown");
}

/// Proves that an open payment has a day, and an immediate one no payer to wait for.
#[tokio::test]
async fn terms_tell_browsers_from_tills() {
    let till = Till::open().await;
    assert!(till.gateway.terms().resumable);
    assert_eq!(till.gateway.terms().push, None);
    let push = till.gateway.browser_terms().and_then(|terms| terms.push);
    let push = push.expect("browsers are waited for");
    assert!(push.browser);
    assert!(push.approval_within < domain::attempt::REVIEW_AFTER);
}
