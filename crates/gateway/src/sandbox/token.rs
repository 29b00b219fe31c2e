//! The sandbox's tokens: random text, of which the book keeps only a hash.

use sha2::{Digest as _, Sha256};

use super::SandboxError;
use super::line::{CardFacts, Operation, Request};
use crate::gateway::TokenUse;
use crate::secret::CardToken;

/// How many random bytes a token has: too many to guess.
const RANDOM_LENGTH: usize = 16;

/// A new name for an authentication.
///
/// # Errors
/// [`SandboxError::NoRandomness`] when the system has none.
pub(super) fn make_handle() -> Result<String, SandboxError> {
    let mut random = [0; RANDOM_LENGTH];
    getrandom::fill(&mut random).map_err(|error| SandboxError::NoRandomness(error.to_string()))?;
    Ok(hexadecimal(&random))
}

/// What proves that the authentication of this name was passed. It is made from the name, so that
/// it is the same whenever it is asked for; the book still knows whether it *was* passed.
pub(super) fn proof_of(handle: &str) -> String {
    let hash = Sha256::new().chain_update(b"proof").chain_update(handle).finalize();
    format!("sandbox_mpi_{}", hexadecimal(&hash[..RANDOM_LENGTH]))
}

/// A new name for an open payment.
///
/// # Errors
/// [`SandboxError::NoRandomness`] when the system has none.
pub(super) fn make_payment_handle() -> Result<String, SandboxError> {
    Ok(format!("payment_{}", make_handle()?))
}

/// What lets a browser finish the open payment of this name. As a proof, it is made from the name,
/// so that it is the same whenever it is asked for and no log has to keep it.
pub(super) fn buyer_secret_of(handle: &str) -> String {
    let hash = Sha256::new().chain_update(b"buyer").chain_update(handle).finalize();
    format!("{handle}_secret_{}", hexadecimal(&hash[..RANDOM_LENGTH]))
}

/// A new token.
///
/// # Errors
/// [`SandboxError::NoRandomness`] when the system has none.
pub(super) fn make(token_use: TokenUse) -> Result<CardToken, SandboxError> {
    let random = make_handle()?;
    // The prefixes are those that clients of a well-known provider send.
    let kind = match token_use {
        TokenUse::Single => "tok",
        TokenUse::Multi => "pm",
    };
    let text = format!("{kind}_sandbox_{random}");
    CardToken::parse(token_use, &text)
        .map_err(|code| SandboxError::NoRandomness(code.name().into()))
}

/// The request to keep a card under `token`: a card that was sent, or the one behind the token
/// with the hash `from`.
pub(super) fn keep_request(
    token: &CardToken,
    card: Option<CardFacts>,
    from: Option<String>,
) -> Request {
    let operation = match token.token_use() {
        TokenUse::Single => Operation::TokenizeSingle,
        TokenUse::Multi => Operation::TokenizeMulti,
    };
    let hash = Some(hash_of(token.expose()));
    Request { card, token: hash, from, ..Request::new(operation) }
}

/// What stands for a token in the book and in the log: its SHA-256 in hexadecimal digits. The
/// token is random, so nobody can try texts out against the hash.
pub(super) fn hash_of(token: &str) -> String {
    hexadecimal(&Sha256::digest(token.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
