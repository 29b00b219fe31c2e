//! Taking in that a payment was opened, and taking the turn to pay it, in one commit.

use super::advance::Advance;
use super::pay_order::{OrderPayment, PayOrder};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::time::Timestamp;

/// Takes in the gateway's answer to the opening of a payment and goes on with paying its order, as
/// the two commands do one after the other. When it is refused, neither has happened, and the
/// answer must be taken in by itself.
#[derive(Clone, Debug)]
pub struct PayOpened {
    /// What the gateway answered.
    pub opened: Advance,
    /// The payment of the order.
    pub pay: PayOrder,
}

impl Command for PayOpened {
    type Outcome = OrderPayment;

    fn shards(&self) -> Shards {
        self.pay.shards()
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        self.opened.keys(now, keys);
        self.pay.keys(now, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<OrderPayment, Halt> {
        self.opened.decide(facts, now)?;
        self.pay.decide(facts, now)
    }
}
