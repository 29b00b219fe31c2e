//! Who is believed: answers, messages, and secrets that are being changed.

use gateway::phone::Confirmation;
use gateway::{Callback, CallbackSecret, Gateway as _, SigningScheme};

use crate::fake::{FakeProvider, SECRET, Turn};
use crate::support::{CALLBACK_URL, about_cart, ask, gateway, gateway_with, kind};

const PATH: &str = "/phonePayment/callback/phone";

#[tokio::test]
async fn both_schemes_are_understood() {
    // Proves that requests are signed as the provider wants, that answers are checked the same
    // way, and that a wrong signature on either side charges nobody.
    for scheme in [SigningScheme::Hash, SigningScheme::Hmac] {
        let provider = FakeProvider::start(scheme).await;
        let right = gateway(&provider, Confirmation::ByTill);
        assert_eq!(kind(&ask(&right).await), "pending cart-1", "{scheme:?}");
        provider.next(Turn::SignWrongly);
        assert_eq!(kind(&right.lookup(&about_cart(5_000)).await), "unknown", "{scheme:?}");
        assert_eq!(kind(&right.lookup(&about_cart(5_000)).await), "pending cart-1", "{scheme:?}");

        let other = match scheme {
            SigningScheme::Hash => SigningScheme::Hmac,
            SigningScheme::Hmac => SigningScheme::Hash,
        };
        let secret = CallbackSecret::new(SECRET.to_owned()).with_scheme(other);
        let wrong = gateway_with(&provider, Confirmation::ByTill, vec![secret]);
        assert_ne!(kind(&ask(&wrong).await), "pending cart-2", "{scheme:?}");
        assert_eq!(provider.state().carts.len(), 1, "{scheme:?}");
    }
}

#[tokio::test]
async fn messages_are_believed_as_they_were_signed() {
    // Proves that the provider's message counts under the address it was given, with each of the
    // secrets that are in use, and that nobody else's does.
    let provider = FakeProvider::start(SigningScheme::Hash).await;
    let secret = |text: &str| CallbackSecret::new(text.to_owned());
    let secrets = vec![secret("new"), secret("old")];
    let gateway = gateway_with(&provider, Confirmation::ByTill, secrets);
    let body = br#"{"reference":"att_1_77_1"}"#;
    let sent = |signed_by: &str, url: &str, path: &str| {
        let signature = secret(signed_by).sign("7", url, body);
        gateway.sent(&Callback { nonce: "7", signature: &signature, path, body })
    };
    assert!(sent("new", CALLBACK_URL, PATH));
    assert!(sent("old", CALLBACK_URL, PATH));
    assert!(!sent("stranger", CALLBACK_URL, PATH));
    assert!(!sent("new", PATH, PATH));
    assert!(!sent("new", CALLBACK_URL, "/phonePayment/callback/other"));
    assert!(!sent("new", CALLBACK_URL, ""));
}
