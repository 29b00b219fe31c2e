//! The JSON bodies between [`super::SandboxClient`] and [`super::serve`].
//!
//! ```text
//! POST /v1/charges                  ChargeBody     → result   (sale or authorize)
//! GET  /v1/charges/{key}                           → result
//! GET  /v1/charges/{key}/receipt                   → ReceiptAnswer, or 404
//! GET  /v1/payments/{handle}/secret                → SecretAnswer, or 404
//! POST /v1/payments/{handle}/pay    PayBody        → result   (by the till, or by a browser)
//! POST /v1/charges/{key}/capture    MovementBody   → result
//! POST /v1/charges/{key}/void       MovementBody   → result
//! POST /v1/charges/{key}/refunds    MovementBody   → result
//! POST /v1/charges/{key}/payer      PayerBody      → result   (answers for the payer, for tests)
//! POST /v1/charges/{key}/fence                     → result
//! POST /v1/tokens                   TokenBody      → TokenAnswer or result
//! POST /v1/tokens/disable           DisableBody    → result
//! POST /v1/authentications          EnrolBody      → AuthenticationAnswer
//! POST /v1/authentications/{handle} ChallengeBody  → AuthenticationAnswer
//! GET  /challenge/{handle}                         → the page for the holder's browser
//! POST /v1/subscriptions            SubscriptionBody → SubscriptionAnswerBody
//! POST /v1/gift-cards               BalanceBody    → result   (set-up, for tests)
//! POST /v1/gift-cards/balance       BalanceQuestion → Money, or 404
//! GET  /v1/log                                     → the log  (for tests)
//! GET  /health
//! ```
//!
//! A result is a `domain::attempt::CallResult`. Its status is 200, or 409 when the key was used
//! for another request. Everything else is a request that could not be read.
//!
//! The bodies with card data borrow it, so that it is nowhere but in the buffer it came in, and
//! have no `Debug`.

use std::borrow::Cow;

use domain::agency::SubscriptionTold;
use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::line::Operation;

/// Takes or reserves money from a card, from a token or by a telephone.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<&'a str>,
    /// Whether the buyer pays later, in a browser.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) browser: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) proof: Option<ProofBody<'a>>,
}

/// Pays the open payment named in the path.
#[derive(Serialize, Deserialize)]
pub(super) struct PayBody<'a> {
    /// What a browser must show; the till need not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<&'a str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) card: Option<CardBody<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) proof: Option<ProofBody<'a>>,
}

/// The secret of an open payment.
#[derive(Serialize, Deserialize)]
pub(super) struct SecretAnswer {
    pub(super) secret: String,
}

/// What may be shown of a charge.
#[derive(Serialize, Deserialize)]
pub(super) struct ReceiptAnswer {
    pub(super) last_four: Option<String>,
    pub(super) brand: Option<String>,
    pub(super) answer: Option<String>,
}

/// What proves that the holder agrees.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProofBody<'a> {
    /// The token of a passed authentication.
    ThreeDSecure(&'a str),
    /// A device's wallet signed; the sandbox cannot check it and believes it.
    Cryptogram,
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

/// What the holder brought back from the challenge: `ok`, or anything else for a failure.
/// Without an answer it is only asked what came of it.
#[derive(Serialize, Deserialize)]
pub(super) struct ChallengeBody<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<&'a str>,
}

/// Asks the bank who the holder of a card is.
#[derive(Serialize, Deserialize)]
pub(super) struct EnrolBody<'a> {
    pub(super) key: &'a str,
    pub(super) money: Money,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) card: Option<CardBody<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<&'a str>,
    /// Where the holder's browser goes on.
    #[serde(borrow)]
    pub(super) return_url: Cow<'a, str>,
}

/// What the payer says on the telephone.
#[derive(Serialize, Deserialize)]
pub(super) struct PayerBody {
    pub(super) accepts: bool,
}

/// Refuses a token from now on.
#[derive(Serialize, Deserialize)]
pub(super) struct DisableBody<'a> {
    pub(super) key: &'a str,
    pub(super) token: &'a str,
}

/// Keeps a card, sent as it is or as a token.
#[derive(Serialize, Deserialize)]
pub(super) struct TokenBody<'a> {
    pub(super) key: &'a str,
    /// Whether the token may be charged only once.
    pub(super) single: bool,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub(super) card: Option<CardBody<'a>>,
    /// A token good for one charge, which is used up by this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<&'a str>,
}

/// A card was kept.
#[derive(Serialize, Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) token: String,
    pub(super) card_mask: String,
}

/// Keeps, reads or ends a subscription, or takes its next period, which is for tests.
#[derive(Serialize, Deserialize)]
pub(super) struct SubscriptionBody<'a> {
    pub(super) key: &'a str,
    /// `subscribe`, `lookup`, `end_subscription` or `renew`.
    pub(super) operation: Operation,
    /// The charge whose card pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) charge: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) money: Option<Money>,
}

/// The outcome, and the subscription if there is one.
#[derive(Serialize, Deserialize)]
pub(super) struct SubscriptionAnswerBody {
    pub(super) outcome: CallResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<SubscriptionTold>,
}

/// Asks what is left on the gift card behind a token.
#[derive(Serialize, Deserialize)]
pub(super) struct BalanceQuestion<'a> {
    pub(super) token: &'a str,
    pub(super) currency: Currency,
}

/// Sets what is left on the gift cards whose numbers end like this.
#[derive(Serialize, Deserialize)]
pub(super) struct BalanceBody<'a> {
    pub(super) ending: &'a str,
    pub(super) money: Money,
}
