//! Recognising a repeat: who asked for what under which key, and whether the body is the same
//! (`payments.md` §6.5).

use domain::idempotency::Identity;
use gateway::secret::Fingerprint;
use service::dto::write_json;
use sha2::{Digest as _, Sha256};
use wire::{Settings, Value};

/// The longest key, in characters.
const KEY_LENGTH_MAX: usize = 255;

/// Whether a text may be a key: 1 to 255 printable ASCII characters.
#[must_use]
pub(crate) fn is_key(key: &str) -> bool {
    (1..=KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(|byte| (32..127).contains(&byte))
}

/// The identity of a request: its scope is caller and operation; its body counts with card
/// fields replaced by a keyed fingerprint, so that no trace of a card is stored.
#[must_use]
pub(crate) fn identity<R: Value>(
    caller: u32,
    operation: &str,
    key: &str,
    request: &R,
    card: Option<Fingerprint>,
) -> Identity {
    let scope = Sha256::new()
        .chain_update(caller.to_be_bytes())
        .chain_update(operation.as_bytes())
        .chain_update([0])
        .chain_update(key.as_bytes());
    let mut body = Vec::new();
    write_json(request, &Settings::default(), &mut body);
    let fingerprint = Sha256::new()
        .chain_update(&body)
        .chain_update(card.as_ref().map(Fingerprint::as_slice).unwrap_or_default());
    Identity {
        hash: first_half(&scope.finalize()),
        fingerprint: first_half(&fingerprint.finalize()),
    }
}

fn first_half(hash: &[u8]) -> u128 {
    hash.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}
