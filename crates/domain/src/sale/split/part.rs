//! One part of a split tender, and whether parts can pay for a sale.

use serde::{Deserialize, Serialize};

use crate::attempt::GatewayTerms;
use crate::ids::PaymentProfileId;
use crate::money::Money;
use crate::phone::SavedToken;
use crate::refusal::{Code, Refusal};

/// The most parts that one sale may be paid in.
pub const TENDER_PARTS_MAX: usize = 10;

/// A means of paying and how much of a sale it may pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderPart {
    /// The most minor units that it pays; `None` for whatever is left. It is a limit and not a
    /// demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// With whom.
    pub terms: GatewayTerms,
    /// What is charged there.
    pub token: SavedToken,
    /// The stored means of paying that it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<PaymentProfileId>,
    /// The gateway reserves first. One that only sells (gift cards) is sold at once, and what it
    /// took goes back by a refund if the sale is not to be.
    pub reserves: bool,
    /// What is shown of it: a brand and four digits, never more.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shown: String,
}

impl TenderPart {
    /// What is asked of it when so much is left to pay.
    pub(super) fn share_of(&self, remaining: i64) -> i64 {
        self.cap.map_or(remaining, |cap| cap.min(remaining))
    }
}

/// Whether these parts can pay `due` (`payments.md` §4.1).
///
/// # Errors
/// [`Code::PaymentMethodRequired`], [`Code::ValidationFailed`],
/// [`Code::PaymentMethodsInsufficient`], [`Code::DuplicatePaymentMethod`].
pub(super) fn check_parts(parts: &[TenderPart], due: Money) -> Result<(), Refusal> {
    let refuse = |code, message: String| Err(Refusal::new(code, message));
    if parts.is_empty() {
        let message = "Name at least one payment method; nothing was charged.";
        return refuse(Code::PaymentMethodRequired, message.into());
    }
    if parts.len() > TENDER_PARTS_MAX {
        let message = format!("Name at most {TENDER_PARTS_MAX} payment methods.");
        return refuse(Code::ValidationFailed, message);
    }
    if parts.iter().any(|part| part.cap.is_some_and(|cap| cap <= 0)) {
        let message = "The amount of a payment method must be more than 0.";
        return refuse(Code::ValidationFailed, message.into());
    }
    let is_same = |one: &TenderPart, other: &TenderPart| {
        one.terms.name == other.terms.name && one.token == other.token
    };
    let is_twice = |(index, part)| parts[..index].iter().any(|other| is_same(part, other));
    if parts.iter().enumerate().any(is_twice) {
        let message = "The same payment method is named twice; name it once with the sum.";
        return refuse(Code::DuplicatePaymentMethod, message.into());
    }
    let most = parts.iter().try_fold(0_i64, |sum, part| Some(sum.saturating_add(part.cap?)));
    if most.is_some_and(|most| most < due.amount) {
        let message = format!(
            "The amounts of the payment methods do not add up to the {} to pay; raise one or \
             leave it out.",
            due.text()
        );
        return refuse(Code::PaymentMethodsInsufficient, message);
    }
    Ok(())
}

/// A means of paying that pays alone is sold at once: no other part can fail after it, so there is
/// nothing for which to keep it reversible. What it approves whole ends the sale in one call; what
/// it approves in part goes back by a refund.
pub(super) fn sold_at_once_if_alone(mut parts: Vec<TenderPart>) -> Vec<TenderPart> {
    if let [part] = parts.as_mut_slice() {
        part.reserves = false;
    }
    parts
}
