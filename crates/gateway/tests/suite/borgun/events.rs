//! Who may say that something happened to a payment (`payments.md` §1.10).

use gateway::{Callback, Gateway as _};

use super::open_with;

#[tokio::test]
async fn only_the_secret_of_the_address_vouches() {
    // Proves that every configured secret counts, whole and alone, and nothing where none is.
    let secrets = ["a-secret-for-events", "another-secret-while-rolling"];
    let (_fake, gateway) = open_with(|settings| {
        settings.event_secrets = secrets.map(|secret| secret.to_owned().into()).to_vec();
    })
    .await;
    let sent =
        |signature: &str| gateway.sent(&Callback { nonce: "", signature, path: "", body: b"{}" });
    for secret in secrets {
        assert!(sent(secret));
        for wrong in [&secret[1..], &secret.to_uppercase(), &format!("{secret}x"), ""] {
            assert!(!sent(wrong), "{wrong}");
        }
    }
    let (_fake, silent) = open_with(|settings| settings.event_secrets.clear()).await;
    assert!(!silent.sent(&Callback { nonce: "", signature: "", path: "", body: b"{}" }));
}
