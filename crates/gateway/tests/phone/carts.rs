//! The ordinary ways of a cart: accepted, rejected, given up, reserved.

use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use gateway::phone::Confirmation;
use gateway::{Gateway as _, PaymentRequest, SigningScheme};
use serde_json::json;

use crate::fake::{FakeProvider, Standing, Turn, UNKNOWN_CUSTOMER};
use crate::support::{CALLBACK_URL, CART, KEY, about_cart, ask, gateway, kind, phone, request};

const PLAIN: SigningScheme = SigningScheme::Hash;

#[tokio::test]
async fn a_cart_is_sent_as_the_protocol_says() {
    // Proves every byte of the first request, for both ways to confirm, and that no nonce is used
    // twice although the clock stands still.
    for (confirmation, code) in [(Confirmation::ByTill, 2), (Confirmation::ByPayer, 0)] {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, confirmation);
        assert_eq!(kind(&ask(&gateway).await), "pending cart-1");
        gateway.lookup(&about_cart(5_000)).await;
        let seen = std::mem::take(&mut provider.state().seen);
        assert_eq!(seen[0].path, "/api/InsertCart");
        let body = format!(
            concat!(
                r#"{{"amount":5000,"reference":"{}","customerId":"5550001","confirmationType":{},"#,
                r#""callbackUrl":"{}","callbackCancelUrl":"{}","description":"Tickets"}}"#
            ),
            KEY, code, CALLBACK_URL, CALLBACK_URL
        );
        assert_eq!(seen[0].body, body);
        assert_eq!(
            (&*seen[1].path, &*seen[1].body),
            ("/api/CheckCart", r#"{"transactionId":"cart-1"}"#)
        );
        assert_ne!(seen[0].nonce, seen[1].nonce);
        assert_eq!(gateway.terms().resumable, confirmation == Confirmation::ByTill);
        assert!(gateway.terms().push.is_some());
    }
}

#[tokio::test]
async fn an_accepted_cart_is_confirmed_and_paid_once() {
    // Proves the whole way with both confirmations: waiting, accepted, confirmed, asked again.
    let cases: [(Confirmation, &[&str]); 2] = [
        (Confirmation::ByTill, &["/api/CheckCart", "/api/ConfirmCart"]),
        (Confirmation::ByPayer, &["/api/CheckCart"]),
    ];
    for (confirmation, expected) in cases {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, confirmation);
        ask(&gateway).await;
        assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "pending cart-1");
        provider.customer(true);
        provider.paths();
        let paid = gateway.lookup(&about_cart(5_000)).await;
        assert_eq!(kind(&paid), "approved cart-1", "{confirmation:?}");
        let CallResult::Approved(approval) = paid else { panic!("{confirmation:?}") };
        assert_eq!(approval.auth_code.as_deref(), Some("4711"));
        assert_eq!(provider.paths(), expected, "{confirmation:?}");
        assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "approved cart-1");
        assert_eq!(provider.paths(), ["/api/CheckCart"], "{confirmation:?}");
        assert_eq!(provider.standing(), Standing::Confirmed);
    }
}

#[tokio::test]
async fn a_no_and_a_late_payer_end_the_cart() {
    // Proves a rejection, the cancellation of a silent payer, and that one who was faster than it
    // has paid, with the requests of each.
    for confirmation in [Confirmation::ByTill, Confirmation::ByPayer] {
        let provider = FakeProvider::start(PLAIN).await;
        let gateway = gateway(&provider, confirmation);
        ask(&gateway).await;
        provider.customer(false);
        let no = gateway.lookup(&about_cart(5_000)).await;
        assert_eq!(kind(&no), "declined RejectedByPayer");

        provider.state().carts.clear();
        ask(&gateway).await;
        provider.paths();
        assert_eq!(kind(&gateway.fence(&about_cart(5_000)).await), "not executed");
        assert_eq!(provider.paths(), ["/api/CancelCart"], "{confirmation:?}");
        assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), "not executed");

        provider.state().carts.clear();
        ask(&gateway).await;
        provider.customer(true);
        provider.paths();
        assert_eq!(kind(&gateway.fence(&about_cart(5_000)).await), "approved cart-1");
        assert_eq!(provider.paths()[..2], ["/api/CancelCart", "/api/CheckCart"]);
        assert_eq!(provider.standing(), Standing::Confirmed);
    }
}

#[tokio::test]
async fn a_reservation_is_captured_or_given_up() {
    // Proves that a reservation is not confirmed by being asked about, that a capture takes it and
    // may be sent again, and that a void gives it up before and after the payer's yes.
    let provider = FakeProvider::start(PLAIN).await;
    let gateway = gateway(&provider, Confirmation::ByTill);
    let reserve = PaymentRequest { reserves: true, ..request(5_000) };
    let reserved = PaymentRequest { reserves: true, ..about_cart(5_000) };
    gateway.authorize(&reserve, &phone("+3545550001")).await;
    provider.customer(true);
    assert_eq!(kind(&gateway.lookup(&reserved).await), "approved cart-1");
    assert_eq!(provider.standing(), Standing::Reserved);
    for _ in 0..2 {
        let taken = gateway.capture(&PaymentRequest { key: "cap", ..request(5_000) }, &CART).await;
        assert_eq!(kind(&taken), "approved cart-1");
    }
    assert_eq!(provider.standing(), Standing::Confirmed);
    assert_eq!(kind(&gateway.void(&request(5_000), &CART).await), "unknown");

    for accepts in [None, Some(true)] {
        provider.state().carts.clear();
        gateway.authorize(&reserve, &phone("+3545550001")).await;
        if let Some(accepts) = accepts {
            provider.customer(accepts);
        }
        for _ in 0..2 {
            let void = gateway.void(&request(5_000), &CART).await;
            assert_eq!(kind(&void), "approved cart-1", "{accepts:?}");
        }
        assert_ne!(provider.standing(), Standing::Confirmed, "{accepts:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_sent() {
    // Proves other currencies, other countries' phones, cards, refunds, and reservations where the
    // payer confirms alone: none of them reaches the provider.
    let provider = FakeProvider::start(PLAIN).await;
    let gateway = gateway(&provider, Confirmation::ByPayer);
    let euros = PaymentRequest { money: Money::new(100, euro()), ..request(1) };
    let ours = phone("+3545550001");
    assert_eq!(kind(&gateway.sale(&euros, &ours).await), "not executed");
    let other = gateway.sale(&request(1), &phone("+4712345678")).await;
    assert_eq!(kind(&other), "declined RejectedByPayer");
    let browser = gateway::SourceKind::Browser.into();
    assert_eq!(kind(&gateway.sale(&request(1), &browser).await), "not executed");
    assert_eq!(kind(&gateway.authorize(&request(1), &ours).await), "not executed");
    assert_eq!(kind(&gateway.refund(&request(1), &CART).await), "not executed");
    assert!(provider.paths().is_empty());
}

#[tokio::test]
async fn each_code_means_what_the_table_says() {
    // Proves the table of `answer.rs`: what each code means after the cart was sent, and later.
    let rows = [
        (10200, "unknown", "approved cart-1"),
        (10201, "not executed", "not executed"),
        (10202, "not executed", "not executed"),
        (10203, "unknown", "approved cart-1"),
        (10302, "declined RejectedByPayer", "declined RejectedByPayer"),
        (10304, "not executed", "unknown"),
        (10305, "not executed", "unknown"),
        (10306, "declined RejectedByPayer", "declined RejectedByPayer"),
        (10307, "declined RejectedByPayer", "declined RejectedByPayer"),
        (10422, "declined RejectedByPayer", "declined RejectedByPayer"),
        (10423, "declined RejectedByPayer", "declined RejectedByPayer"),
        (10424, "not executed", "not found"),
        (10425, "unknown", "pending cart-1"),
        (10427, "not executed", "unknown"),
        (10428, "unknown", "pending cart-1"),
        (10429, "unknown", "pending cart-1"),
        (400, "not executed", "unknown"),
    ];
    let provider = FakeProvider::start(PLAIN).await;
    let gateway = gateway(&provider, Confirmation::ByPayer);
    for (code, first, later) in rows {
        provider.next(Turn::Say(200, json!({ "Success": false, "ResultCode": code })));
        assert_eq!(kind(&ask(&gateway).await), first, "{code}");
        provider.next(Turn::Say(200, json!({ "Success": true, "ResultCode": code })));
        assert_eq!(kind(&gateway.lookup(&about_cart(5_000)).await), later, "{code}");
    }
    let unknown = gateway.sale(&request(1), &phone(&format!("+354{UNKNOWN_CUSTOMER}"))).await;
    assert_eq!(kind(&unknown), "declined RejectedByPayer");
}

fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}
