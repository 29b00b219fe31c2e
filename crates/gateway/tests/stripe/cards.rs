//! Cards that are kept, and what this gateway takes at all.

use domain::phone::PhoneNumber;
use gateway::{CardToken, Gateway as _, MpiToken, Proof, Source, SourceKind, TokenUse};

use crate::fake::Fault;
use crate::support::{Till, approved, card, kind, krona, token};

/// Proves that a kept card is a payment method of a customer, and can be charged again and again.
#[tokio::test]
async fn a_kept_card_can_be_charged_again() {
    let till = Till::open().await;
    let kept = till.kept("keep_1", &card("4242424242424242"), TokenUse::Multi).await;
    let kept = kept.expect("it is kept");
    assert_eq!(kept.card_mask, "******4242");
    let month = kept.expiry.expect("it is told").last_month();
    assert_eq!((month.year, month.month), (2031, 12));
    assert_eq!(
        till.requests(),
        [
            "POST /v1/payment_methods [keep_1:method] type=card&card[number]=4242424242424242&\
             card[exp_month]=12&card[exp_year]=2031&card[cvc]=123",
            "POST /v1/customers [keep_1:customer] metadata[guichet_key]=keep_1",
            "POST /v1/payment_methods/pm_1/attach [keep_1:attach] customer=cus_2",
        ]
    );
    for key in ["att_1", "att_2"] {
        approved(&till.sale(key, &token(kept.token.expose())).await);
    }
    assert_eq!(till.charges(), 2);
}

/// Proves that a card which Stripe does not take is not kept, and why.
#[tokio::test]
async fn a_declined_card_is_not_kept() {
    let till = Till::open().await;
    let refused = till.kept("keep_1", &card("4000000000009995"), TokenUse::Multi).await;
    let refused = refused.expect_err("the card has no money");
    assert_eq!(kind(&refused), "declined InsufficientFunds");
}

/// Proves that a kept card is refused after it was disabled, and that disabling may come again.
#[tokio::test]
async fn a_disabled_card_is_refused() {
    let till = Till::open().await;
    let kept = till.kept("keep_1", &token("tok_visa"), TokenUse::Multi).await;
    let kept = kept.expect("it is kept").token;
    for _ in 0..2 {
        till.gateway.disable_token(&krona("drop_1", 0), &kept).await.expect("it is disabled");
    }
    let result = till.sale("att_1", &token(kept.expose())).await;
    assert_eq!(kind(&result), "not executed");
    assert_eq!(till.charges(), 0);

    let disable = async |text: &str| {
        let token = CardToken::parse(TokenUse::Multi, text).expect("it is a token");
        till.gateway.disable_token(&krona("drop_1", 0), &token).await
    };
    disable("pm_99").await.expect("one that nobody knows is as good as disabled");
    disable("tok_visa").await.expect_err("a browser's token has no end");
    till.fake.breaks("detach", Fault::LostBefore);
    disable("pm_1").await.expect_err("nobody knows");
}

/// Proves what is not taken, and that nothing is sent for it.
#[tokio::test]
async fn what_is_not_taken_is_not_sent() {
    let till = Till::open_with(|settings| settings.raw_cards = false).await;
    let phone = PhoneNumber::parse("+3545550001").expect("it is one");
    let proof = MpiToken::parse("mpi_1").expect("it is one");
    let proven = Source { proof: Some(Proof::ThreeDSecure(proof)), ..token("tok_visa") };
    for source in [card("4242424242424242"), SourceKind::Phone(phone).into(), proven] {
        assert_eq!(kind(&till.sale("att_1", &source).await), "not executed", "{source:?}");
    }
    let kept = till.kept("keep_1", &card("4242424242424242"), TokenUse::Multi).await;
    assert_eq!(kind(&kept.expect_err("no numbers")), "not executed");
    assert_eq!(till.requests(), Vec::<String>::new());
}
