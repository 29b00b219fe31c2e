//! What gateways answer.

use serde::{Deserialize, Serialize};

use crate::refusal::Code;

/// Why a gateway said no (`payments.md` §1.5, §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// Try again or use another card.
    Soft,
    /// Not enough money.
    InsufficientFunds,
    /// Lost, stolen, blocked, fraud.
    HardAccount,
    /// Expired.
    HardExpiry,
    /// The number is no card.
    CardInvalid,
    /// The security code is wrong.
    CvcInvalid,
    /// The bank wants the buyer to prove who they are.
    AuthenticationRequired,
    /// The buyer tried to prove who they are and failed.
    AuthenticationFailed,
    /// The payer said no on the telephone.
    RejectedByPayer,
}

impl DeclineReason {
    /// The published code.
    #[must_use]
    pub fn code(self) -> Code {
        match self {
            DeclineReason::Soft => Code::PaymentDeclined,
            DeclineReason::InsufficientFunds => Code::InsufficientFunds,
            DeclineReason::HardAccount => Code::PaymentBlocked,
            DeclineReason::HardExpiry => Code::CardExpired,
            DeclineReason::CardInvalid => Code::CardInvalid,
            DeclineReason::CvcInvalid => Code::CvcInvalid,
            DeclineReason::AuthenticationRequired => Code::AuthenticationRequired,
            DeclineReason::AuthenticationFailed => Code::AuthenticationFailed,
            DeclineReason::RejectedByPayer => Code::PaymentRejectedByPayer,
        }
    }
}

/// What an approval says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The gateway's own id of the payment.
    pub reference: String,
    /// The issuer's code, if told.
    pub auth_code: Option<String>,
    /// First six and last four digits, if told; never more.
    pub card_mask: Option<String>,
}

/// What a gateway answered, or what we know of its silence (`payments.md` §0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallResult {
    /// The money moved, all of it.
    Approved(Approval),
    /// The money moved, but less than asked, in minor units.
    PartiallyApproved(Approval, i64),
    /// The gateway said no; no money moved.
    Declined(DeclineReason),
    /// Accepted, the answer comes later; the handle names it at the gateway. Of a part of a split
    /// tender whose gateway asks nobody it means that the money is promised and settles later, as
    /// with a debit from a bank account (`payments.md` §4.1).
    Pending(String),
    /// The buyer must prove who they are; the data starts that.
    ChallengeRequired(String),
    /// Known not to have happened, and it cannot happen later.
    NotExecuted(String),
    /// The same, because of us: the gateway does not accept our credentials or our account. Only
    /// an answer to a first try says it; a question that is refused so has told nothing.
    Misconfigured(String),
    /// The gateway does not know the key: nothing has happened *yet*.
    NotFound,
    /// Sent, and nobody knows what became of it. Never folded into `Declined`.
    Unknown(String),
}

/// Names a charge at its gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRef {
    /// The key it was made with.
    pub key: String,
    /// The gateway's own id of it, from its approval.
    pub reference: String,
}
