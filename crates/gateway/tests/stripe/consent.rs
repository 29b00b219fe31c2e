//! What Stripe is told of a payer who is not there, or who lets their card be kept
//! (`payments.md` §2.1).

use domain::attempt::Consent;
use gateway::{Gateway as _, Keep, PaymentRequest, Source, SourceKind};

use crate::support::{Till, kind, krona, token};

fn with(consent: Consent) -> PaymentRequest<'static> {
    PaymentRequest { consent, ..krona("att_1", 5_000) }
}

/// Proves that a payment whose means is kept says so where it is made, so that a browser pays it so
/// too, and that a question repeats it.
#[tokio::test]
async fn what_is_kept_is_said_when_a_payment_is_made() {
    let till = Till::open().await;
    let created = "POST /v1/payment_intents [att_1] amount=500000&currency=isk&\
                   payment_method_types[]=card&capture_method=automatic&\
                   metadata[guichet_key]=att_1&setup_future_usage=off_session";
    let kept = with(Consent::Keep);
    assert_eq!(kind(&till.gateway.sale(&kept, &SourceKind::Browser.into()).await), "pending");
    assert_eq!(till.requests(), [created]);
    till.fake.book(|book| book.pay_in_browser("pi_1", "tok_visa"));
    assert_eq!(kind(&till.gateway.lookup(&kept).await), "approved");
    assert_eq!(till.requests()[0], created);
}

/// Proves that a buyer's wish to keep the card goes with the confirmation.
#[tokio::test]
async fn a_card_that_is_kept_says_so_when_it_pays() {
    let till = Till::open().await;
    let keep = Some(Keep { phone: 1, fingerprint: 2 });
    let source = Source { keep, ..token("tok_visa") };
    till.gateway.sale(&krona("att_1", 5_000), &source).await;
    assert_eq!(
        till.requests()[1],
        "POST /v1/payment_intents/pi_1/confirm [att_1:confirm] \
         expand[]=latest_charge&setup_future_usage=off_session&payment_method_data[type]=card&\
         payment_method_data[card][token]=tok_visa"
    );
}

/// Proves that a charge at which nobody is there says so with the confirmation alone, and that a
/// bank which wants to ask has declined it, also when it is asked about later.
#[tokio::test]
async fn nobody_is_there_to_be_asked() {
    for (token_name, expected) in [
        ("tok_visa", "approved"),
        ("tok_card_declined-authentication_required", "declined AuthenticationRequired"),
        ("tok_authentication_required", "declined AuthenticationRequired"),
        ("tok_challenge", "declined AuthenticationRequired"),
        ("tok_card_declined-insufficient_funds", "declined InsufficientFunds"),
    ] {
        let till = Till::open().await;
        let request = with(Consent::Earlier);
        let result = till.gateway.sale(&request, &token(token_name)).await;
        assert_eq!(kind(&result), expected, "{token_name}");
        let requests = till.requests();
        assert!(!requests[0].contains("off_session"), "{}", requests[0]);
        let confirmed = "POST /v1/payment_intents/pi_1/confirm [att_1:confirm] \
                         expand[]=latest_charge&off_session=true&payment_method_data[type]=card&";
        assert!(requests[1].starts_with(confirmed), "{}", requests[1]);
        assert_eq!(kind(&till.gateway.lookup(&request).await), expected, "{token_name}");
    }
}
