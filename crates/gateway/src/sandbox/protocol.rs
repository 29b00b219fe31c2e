//! The JSON bodies between [`super::SandboxClient`] and [`super::serve`].
//!
//! ```text
//! POST /v1/charges                  ChargeBody     → result   (sale or authorize)
//! GET  /v1/charges/{key}                           → result
//! POST /v1/charges/{key}/capture    MovementBody   → result
//! POST /v1/charges/{key}/void       MovementBody   → result
//! POST /v1/charges/{key}/refunds    MovementBody   → result
//! POST /v1/charges/{key}/challenge  ChallengeBody  → result
//! POST /v1/charges/{key}/fence                     → result
//! POST /v1/tokens                   TokenBody      → TokenAnswer or result
//! POST /v1/gift-cards               BalanceBody    → result   (set-up, for tests)
//! GET  /v1/log                                     → the log  (for tests)
//! GET  /health
//! ```
//!
//! A result is a `domain::attempt::CallResult`. Its status is 200, or 409 when the key was used
//! for another request. Everything else is a request that could not be read.
//!
//! The bodies with card data borrow it, so that it is nowhere but in the buffer it came in, and
//! have no `Debug`.

use domain::money::Money;
use serde::{Deserialize, Serialize};

use super::line::Operation;

/// Takes or reserves money from a card or from a token.
#[derive(Serialize, Deserialize)]
pub(super) struct ChargeBody<'a> {
    pub(super) key: &'a str,
    /// `sale` or `authorize`.
    pub(super) operation: Operation,
    pub(super) money: Money,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) card: Option<CardBody<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<&'a str>,
}

/// A card.
#[derive(Serialize, Deserialize)]
pub(super) struct CardBody<'a> {
    pub(super) number: &'a str,
    pub(super) expiry_month: u8,
    pub(super) expiry_year: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) security_code: Option<&'a str>,
}

/// Captures, voids or refunds the charge named in the path.
#[derive(Serialize, Deserialize)]
pub(super) struct MovementBody<'a> {
    /// The key of this movement, not of the charge.
    pub(super) key: &'a str,
    pub(super) money: Money,
}

/// What the buyer brought back from the challenge: `ok`, or anything else for a failure.
#[derive(Serialize, Deserialize)]
pub(super) struct ChallengeBody<'a> {
    pub(super) answer: &'a str,
}

/// Keeps a card.
#[derive(Serialize, Deserialize)]
pub(super) struct TokenBody<'a> {
    pub(super) key: &'a str,
    /// Whether the token may be charged only once.
    pub(super) single: bool,
    #[serde(borrow)]
    pub(super) card: CardBody<'a>,
}

/// A card was kept.
#[derive(Serialize, Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) token: String,
    pub(super) card_mask: String,
}

/// Sets what is left on the gift cards whose numbers end like this.
#[derive(Serialize, Deserialize)]
pub(super) struct BalanceBody<'a> {
    pub(super) ending: &'a str,
    pub(super) money: Money,
}
