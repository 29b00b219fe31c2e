//! Recognising a repeat: who asked for what under which key, and whether the body is the same
//! (`payments.md` §6.5).

use domain::idempotency::Identity;
use gateway::secret::Fingerprint;
use service::dto::write_json;
use sha2::{Digest as _, Sha256};
use wire::{Settings, Value};

use crate::access::signature::SignatureUsed;

/// The longest key, in characters.
const KEY_LENGTH_MAX: usize = 255;

/// What the hash of a signature begins with; that of a key begins with a caller's number.
const SIGNATURE_LABEL: &[u8] = b"signature";

/// What the hash of a provider's message begins with.
const MESSAGE_LABEL: &[u8] = b"message";

/// Whether a text may be a key: 1 to 255 printable ASCII characters.
#[must_use]
pub(crate) fn is_key(key: &str) -> bool {
    (1..=KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(|byte| (32..127).contains(&byte))
}

/// A request's body with card fields replaced by a keyed fingerprint, so that no trace of a card
/// is stored.
pub(crate) struct Body([u8; 32]);

impl Body {
    /// The body of `request`, which is paid with `card`.
    pub(crate) fn of<R: Value>(request: &R, card: Option<Fingerprint>) -> Body {
        let mut body = Vec::new();
        write_json(request, &Settings::default(), &mut body);
        let fingerprint = Sha256::new()
            .chain_update(&body)
            .chain_update(card.as_ref().map(Fingerprint::as_slice).unwrap_or_default());
        Body(fingerprint.finalize().into())
    }

    /// The same body, sent about the thing of this number, which it names by a secret.
    #[must_use]
    pub(crate) fn about(&self, number: u32) -> Body {
        let both = Sha256::new().chain_update(self.0).chain_update(number.to_be_bytes());
        Body(both.finalize().into())
    }

    /// The identity of a request by its key, whose scope is caller and operation.
    #[must_use]
    pub(crate) fn under_key(&self, caller: u32, operation: &str, key: &str) -> Identity {
        let scope = Sha256::new()
            .chain_update(caller.to_be_bytes())
            .chain_update(operation.as_bytes())
            .chain_update([0])
            .chain_update(key.as_bytes());
        Identity { hash: first_half(&scope.finalize()), fingerprint: first_half(&self.0) }
    }

    /// The identity of a request by its signature, which is of use to nobody but the caller that
    /// sent it first (`domain.md` §1.6).
    #[must_use]
    pub(crate) fn signed(&self, caller: u32, used: &SignatureUsed) -> Identity {
        let scope = Sha256::new()
            .chain_update(SIGNATURE_LABEL)
            .chain_update(used.system_id.as_bytes())
            .chain_update([0])
            .chain_update(used.signature.as_bytes());
        Identity { hash: first_half(&scope.finalize()), fingerprint: self.of_caller(caller) }
    }

    /// The hash of the body together with who sent it.
    #[must_use]
    pub(crate) fn of_caller(&self, caller: u32) -> u128 {
        let fingerprint = Sha256::new().chain_update(caller.to_be_bytes()).chain_update(self.0);
        first_half(&fingerprint.finalize())
    }
}

/// The same whenever the sender of that name sends the message of that id.
#[must_use]
pub(crate) fn identity_of_message(sender: &str, id: &str) -> u128 {
    let scope = Sha256::new()
        .chain_update(MESSAGE_LABEL)
        .chain_update(sender.as_bytes())
        .chain_update([0])
        .chain_update(id.as_bytes());
    first_half(&scope.finalize())
}

fn first_half(hash: &[u8]) -> u128 {
    hash.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}
