//! Messages that a provider sends by itself, to tell that something happened to a charge
//! (`payments.md` §3.1). They are hints: what really happened is asked of the provider.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

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

/// The secret that a provider signs its messages with.
pub struct CallbackSecret(Zeroizing<String>);

impl CallbackSecret {
    /// The secret as the provider gave it.
    #[must_use]
    pub fn new(secret: String) -> CallbackSecret {
        CallbackSecret(Zeroizing::new(secret))
    }

    /// The signature of a message: SHA-256 over secret, nonce, path and body, as the providers'
    /// own programs make it. (Their text says HMAC; their programs do not.)
    #[must_use]
    pub fn sign(&self, nonce: &str, path: &str, body: &[u8]) -> String {
        let hash = Sha256::new()
            .chain_update(self.0.as_bytes())
            .chain_update(nonce)
            .chain_update(path)
            .chain_update(body)
            .finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the provider signed this message. The comparison does not tell by its duration
    /// where two signatures differ.
    #[must_use]
    pub fn signed(&self, callback: &Callback<'_>) -> bool {
        let right = self.sign(callback.nonce, callback.path, callback.body);
        let pairs = right.bytes().zip(callback.signature.bytes());
        let difference = pairs.fold(0, |sum, (a, b)| sum | (a ^ b.to_ascii_lowercase()));
        right.len() == callback.signature.len() && std::hint::black_box(difference) == 0
    }
}

impl fmt::Debug for CallbackSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CallbackSecret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Callback, CallbackSecret};

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
    }
}
