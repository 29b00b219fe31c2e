//! What the money loop is to do next.

use super::Consent;
use crate::ids::{SaleId, Shard};
use crate::money::Money;
use crate::phone::SavedToken;
use crate::time::{Span, Timestamp};

/// What to ask of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallVerb {
    /// Take the money. The card, if one is needed, travels beside the call in memory only.
    Charge,
    /// Reserve the money.
    Authorize,
    /// Take what was reserved under this key and reference.
    Capture {
        /// The reservation's key.
        charge_key: String,
        /// The reservation's id at the gateway.
        reference: String,
    },
    /// Give up what was reserved under this key and reference.
    Void {
        /// The reservation's key.
        charge_key: String,
        /// The reservation's id at the gateway.
        reference: String,
    },
    /// Give back what the charge with this key and reference took.
    Refund {
        /// The charge's key.
        charge_key: String,
        /// The charge's id at the gateway.
        reference: String,
    },
    /// What became of the key?
    Lookup,
    /// Refuse the key from now on, unless it has already been executed.
    Fence,
}

/// A call that the loop must make next, outside any transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayCall {
    /// Whose sale.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// The other seller that must be locked when the result is brought, if there is one.
    pub partner: Option<Shard>,
    /// Which attempt of it.
    pub attempt: u8,
    /// The gateway's name.
    pub gateway: String,
    /// The attempt's key.
    pub key: String,
    /// What to ask.
    pub verb: CallVerb,
    /// What is charged, where it is stored; the loop makes the means of paying from it, so that a
    /// sale can go on without its request.
    pub token: Option<SavedToken>,
    /// Whether the attempt only reserves, for gateways that are asked by sending it again.
    pub reserves: bool,
    /// What the payer has agreed to.
    pub consent: Consent,
    /// What the gateway calls the payment, if it answered "pending" before.
    pub handle: Option<String>,
    /// How much.
    pub money: Money,
    /// After this moment the call may not leave.
    pub send_before: Timestamp,
    /// How long to wait for the answer.
    pub deadline: Span,
}

/// What a sale needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Write down that bytes may leave, then make the call.
    Mark(GatewayCall),
    /// Make the call and bring the result.
    Call(GatewayCall),
    /// Nothing until then; the janitor goes on from the stored row.
    Wait(Timestamp),
    /// Nothing at all.
    Done,
}
