//! What a charge is taken from, and what proves that the payer agrees.

use domain::phone::PhoneNumber;

use super::card::Card;
use super::fingerprint::{Fingerprint, FingerprintKey};
use super::proof::Proof;
use super::token::CardToken;

/// What a charge is taken from.
#[derive(Debug)]
pub struct Source {
    /// The means of paying.
    pub what: SourceKind,
    /// What proves that the payer agrees, if they were asked.
    pub proof: Option<Proof>,
    /// For whom the card is kept once it was charged, if its buyer wants that.
    pub keep: Option<Keep>,
}

/// For whom a card is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The hash of the phone that its buyer has proved.
    pub phone: u128,
    /// The same for the same card: a keyed hash.
    pub fingerprint: u128,
}

/// A means of paying that a gateway can charge.
#[derive(Debug)]
pub enum SourceKind {
    /// The card itself.
    Card(Card),
    /// A token made from it earlier.
    Token(CardToken),
    /// A telephone whose owner is asked.
    Phone(PhoneNumber),
    /// Nothing yet: the payment is opened, and the buyer finishes it in a browser with the secret
    /// that [`crate::Gateway::buyer_secret`] brings.
    Browser,
}

impl From<SourceKind> for Source {
    fn from(what: SourceKind) -> Source {
        Source { what, proof: None, keep: None }
    }
}

impl Source {
    /// The same for the same means and proof under the same key: stands for the members with
    /// card data in the fingerprint of a request (`payments.md` §6.5).
    #[must_use]
    pub fn fingerprint(&self, key: &FingerprintKey) -> Fingerprint {
        let what = self.what.fingerprint(key);
        match &self.proof {
            None => what,
            Some(proof) => key.fingerprint(&[b"proof", &what, &proof.fingerprint(key)]),
        }
    }

    /// The card itself, where the payer sent one.
    #[must_use]
    pub fn card(&self) -> Option<&Card> {
        match &self.what {
            SourceKind::Card(card) => Some(card),
            SourceKind::Token(_) | SourceKind::Phone(_) | SourceKind::Browser => None,
        }
    }
}

impl SourceKind {
    /// The same for the same means of paying under the same key.
    #[must_use]
    pub fn fingerprint(&self, key: &FingerprintKey) -> Fingerprint {
        match self {
            SourceKind::Card(card) => card.fingerprint(key),
            SourceKind::Token(token) => key.fingerprint(&[b"token", token.expose().as_bytes()]),
            SourceKind::Phone(phone) => key.fingerprint(&[b"phone", phone.text().as_bytes()]),
            SourceKind::Browser => key.fingerprint(&[b"browser"]),
        }
    }
}
