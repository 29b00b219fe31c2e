//! Messages that a provider sends by itself, to tell that something happened to a charge
//! (`payments.md` §3.1). They are hints: what really happened is asked of the provider.

use std::fmt;

use domain::token::is_same_secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// HMAC-SHA256 fills a shorter key up with zeros to this many bytes, and hashes a longer one.
const HASH_BLOCK_LENGTH: usize = 64;

/// A message as it came in.
#[derive(Clone, Copy)]
pub struct Callback<'a> {
    /// What the sender made up for this message.
    pub nonce: &'a str,
    /// 64 hexadecimal digits.
    pub signature: &'a str,
    /// The path that it was sent to.
    pub path: &'a str,
    /// The body, byte for byte.
    pub body: &'a [u8],
}

impl fmt::Debug for Callback<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Callback").field("path", &self.path).finish_non_exhaustive()
    }
}

/// How a signature is made of a secret and a message. The text of the providers says one thing,
/// their programs do the other (`payments.md` §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningScheme {
    /// SHA-256 over secret, nonce, path and body: what the programs do.
    #[default]
    Hash,
    /// HMAC-SHA256 with the secret over nonce, path and body: what the text says.
    Hmac,
}

/// The secret that a provider and we sign messages with.
pub struct CallbackSecret {
    secret: Zeroizing<String>,
    scheme: SigningScheme,
}

impl CallbackSecret {
    /// The secret as the provider gave it, for [`SigningScheme::Hash`].
    #[must_use]
    pub fn new(secret: String) -> CallbackSecret {
        CallbackSecret { secret: Zeroizing::new(secret), scheme: SigningScheme::Hash }
    }

    /// The same with another scheme.
    #[must_use]
    pub fn with_scheme(self, scheme: SigningScheme) -> CallbackSecret {
        CallbackSecret { scheme, ..self }
    }

    /// The signature of a message, in small hexadecimal digits.
    #[must_use]
    pub fn sign(&self, nonce: &str, path: &str, body: &[u8]) -> String {
        let parts = [nonce.as_bytes(), path.as_bytes(), body];
        let bytes: [u8; 32] = match self.scheme {
            SigningScheme::Hash => {
                let start = Sha256::new().chain_update(self.secret.as_bytes());
                parts.into_iter().fold(start, Sha256::chain_update).finalize().into()
            }
            SigningScheme::Hmac => self.keyed_hash(&parts),
        };
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn keyed_hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut block = Zeroizing::new([0; HASH_BLOCK_LENGTH]);
        let secret = self.secret.as_bytes();
        if secret.len() > HASH_BLOCK_LENGTH {
            block[..32].copy_from_slice(&Sha256::digest(secret));
        } else {
            block[..secret.len()].copy_from_slice(secret);
        }
        let mut hash = Hmac::<Sha256>::new(&(*block).into());
        for part in parts {
            hash.update(part);
        }
        hash.finalize().into_bytes().into()
    }

    /// Whether the provider signed this message. The comparison does not tell by its duration
    /// where two signatures differ.
    #[must_use]
    pub fn signed(&self, callback: &Callback<'_>) -> bool {
        let right = self.sign(callback.nonce, callback.path, callback.body);
        is_same_secret(right.as_bytes(), callback.signature.to_ascii_lowercase().as_bytes())
    }
}

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CallbackSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Callback, CallbackSecret, SigningScheme};

    /// Proves that a message counts only as its sender signed it.
    #[test]
    fn a_message_is_believed_as_it_was_signed() {
        let secret = CallbackSecret::new("s3cret".into());
        let signature = secret.sign("n1", "/phonePayment/callback/phone", b"{}");
        let right = Callback {
            nonce: "n1",
            signature: &signature,
            path: "/phonePayment/callback/phone",
            body: b"{}",
        };
        assert!(secret.signed(&right));
        assert!(secret.signed(&Callback { signature: &signature.to_uppercase(), ..right }));
        for wrong in [
            Callback { nonce: "n2", ..right },
            Callback { path: "/phonePayment/callback/other", ..right },
            Callback { body: b"{ }", ..right },
            Callback { signature: "", ..right },
            Callback { signature: &signature[1..], ..right },
            Callback { signature: &"0".repeat(64), ..right },
        ] {
            assert!(!secret.signed(&wrong), "{wrong:?}");
        }
        assert!(!CallbackSecret::new("other".into()).signed(&right));
        let keyed = CallbackSecret::new("s3cret".into()).with_scheme(SigningScheme::Hmac);
        assert!(!keyed.signed(&right));
    }

    /// Proves the plain scheme against the example that a provider publishes, and the keyed one
    /// against RFC 4231 (a short key) and another program (a key that is longer than a block).
    #[test]
    fn signatures_are_the_published_ones() {
        let check = |secret: &str, scheme, message: [&str; 3], expected: &str| {
            let secret = CallbackSecret::new(secret.into()).with_scheme(scheme);
            let [nonce, url, body] = message;
            assert_eq!(secret.sign(nonce, url, body.as_bytes()), expected);
        };
        let example = [
            "39084373214935208",
            "https://test.netgiro.is/api/checkout/InsertCart",
            concat!(
                r#"{"amount":100,"reference":"1005122-122331-113","customerId":"7700001","#,
                r#""confirmationType":0}"#
            ),
        ];
        let published = "d463a978220c9095ef5134c512fe24d8084f656453cf5b5aabed8a1576ef1d0b";
        check(EXAMPLE_SECRET, SigningScheme::Hash, example, published);
        let short = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let message = ["what do ya want ", "for ", "nothing?"];
        check("Jefe", SigningScheme::Hmac, message, short);
        let long = "ab18bf513f1a5577d26eddb0075c1957f728937d282db6c2653e6e5d5dc7d7f4";
        check(&"k".repeat(65), SigningScheme::Hmac, ["n", "p", "b"], long);
    }

    /// The secret of the published example; it opens nothing.
    const EXAMPLE_SECRET: &str = concat!(
        "YCFd6hiA8lUjZejVcIf/LhRXO4wTDxY0JhOXvQZwnMSiNynSxmNIMjMf1HHwdV6c",
        "MN48NX3ZipA9q9hLPb9C1ZIzMH5dvELPAHceiu7LbZzmIAGeOf/OUaDrk2Zq2dbG",
        "acIAzU6yyk4KmOXRaSLi8KW8t3krdQSX7Ecm8Qunc/A="
    );
}
