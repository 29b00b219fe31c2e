//! The link with which a customer pays an order at a page of ours (`domain.md` §5).
//!
//! There is one link for an order. It ends with its time, and with the order's cancellation. Of the
//! handle in it only a hash is stored.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CustomerOrder, OrderState, Uid};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::CustomerOrderId;
use crate::refusal::{Code, Refusal};
use crate::time::{Span, Timestamp};
use crate::token::{Secret, Token};

/// What is stored of an order's link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentLink {
    /// The hash of the handle's random part.
    pub hash: Secret,
    /// When nothing can be begun with it any more.
    pub expires_at: Timestamp,
}

/// Gives an order its link, or makes the one that it has last longer.
#[derive(Clone, Debug)]
pub struct OfferPaymentLink {
    /// Which order.
    pub uid: Uid,
    /// The hash of the handle's random part.
    pub hash: Secret,
    /// How long the link is good from now on.
    pub within: Span,
}

impl Command for OfferPaymentLink {
    type Outcome = Arc<CustomerOrder>;

    fn shards(&self) -> Shards {
        Shards::One(self.uid.shard())
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(CustomerOrder::key_of(self.uid.shard(), CustomerOrderId(self.uid.number())));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<CustomerOrder>, Halt> {
        let mut order = CustomerOrder::of_uid(facts, self.uid)?;
        order.check_payable()?;
        let expires_at = now.after(self.within);
        order.payment_link = Some(PaymentLink { hash: self.hash, expires_at });
        Ok(facts.put(order))
    }
}

impl CustomerOrder {
    /// The handle with this random part.
    #[must_use]
    pub fn link_token(&self, secret: Secret) -> Token {
        Token { shard: self.shard, number: self.id.0, secret }
    }

    /// Whether its link has this hash.
    #[must_use]
    pub fn has_link(&self, hash: Secret) -> bool {
        self.payment_link.is_some_and(|link| link.hash.matches(&hash))
    }

    fn check_payable(&self) -> Result<(), Refusal> {
        let refuse = |code, message| Err(Refusal::new(code, message));
        match self.state {
            OrderState::Cancelled => refuse(Code::OrderCancelled, "The order was cancelled."),
            state if !state.is_unpaid() => {
                refuse(Code::OrderNotOpen, "The order is paid; nothing is left to be paid.")
            }
            _ if self.lines.is_empty() => refuse(Code::OrderEmpty, "The order has no lines."),
            _ => Ok(()),
        }
    }
}
