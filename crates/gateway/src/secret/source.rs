//! What a charge is taken from.

use super::card::Card;
use super::fingerprint::{Fingerprint, FingerprintKey};
use super::token::CardToken;

/// A card, or a gateway's token for one.
#[derive(Debug)]
pub enum CardSource {
    /// The card itself.
    Card(Card),
    /// A token made from it earlier.
    Token(CardToken),
}

impl CardSource {
    /// The same for the same card or token under the same key: stands for the card fields in
    /// the fingerprint of a request (`payments.md` §6.5).
    #[must_use]
    pub fn fingerprint(&self, key: &FingerprintKey) -> Fingerprint {
        match self {
            CardSource::Card(card) => card.fingerprint(key),
            CardSource::Token(token) => key.fingerprint(&[b"token", token.expose().as_bytes()]),
        }
    }
}
