//! Changing an order before it is paid, cancelling it, and what becomes of it afterwards.

use std::sync::Arc;

use super::{CustomerOrder, OrderLine, OrderState, Uid};
use crate::attempt::Next;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{CustomerOrderId, SaleId};
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::time::Timestamp;

/// What is to be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderChange {
    /// One line more.
    AddLine(OrderLine),
    /// The line of this number is gone.
    RemoveLine(u16),
    /// Nothing of it is wanted any more.
    Cancel,
    /// The goods were handed over.
    Fulfil,
    /// Nothing is left to be done.
    Close,
    /// Its recurring lines are not renewed any more.
    EndSubscription,
}

/// Changes one order. A payment under way that does not fit it any more is given up at once: the
/// gateway is told so after the commit, and money that comes nevertheless goes back.
#[derive(Clone, Debug)]
pub struct ChangeOrder {
    /// Which order.
    pub uid: Uid,
    /// What is to be different.
    pub change: OrderChange,
    /// The node that asks the gateway; 0 where there is only one.
    pub node: u32,
}

impl Command for ChangeOrder {
    /// The order, and the payment that was given up with what it needs next.
    type Outcome = (Arc<CustomerOrder>, Option<(Arc<Sale>, Next)>);

    fn shards(&self) -> Shards {
        Shards::One(self.uid.shard())
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(CustomerOrder::key_of(self.uid.shard(), CustomerOrderId(self.uid.number())));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt> {
        let mut order = CustomerOrder::of_uid(facts, self.uid)?;
        let due = order.due();
        order.apply(&self.change, now)?;
        let given_up = match order.open {
            Some(open) if order.due() != due => self.give_up(open, facts, now)?,
            _ => None,
        };
        Ok((facts.put(order), given_up))
    }
}

impl ChangeOrder {
    fn give_up(
        &self,
        open: SaleId,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Option<(Arc<Sale>, Next)>, Halt> {
        let key = Sale::key_of(self.uid.shard(), open);
        let Some(sale) = facts.share::<Sale>(key)? else { return Ok(None) };
        let mut sale = Sale::clone(&sale);
        let next = sale.withdraw(self.node, now);
        Ok(Some((facts.put(sale), next)))
    }
}

impl CustomerOrder {
    fn apply(&mut self, change: &OrderChange, now: Timestamp) -> Result<(), Refusal> {
        use OrderState::{Cancelled, Closed, Fulfilled, Open, Paid, PaymentPending};
        self.changed_at = now;
        if *change == OrderChange::EndSubscription {
            return self.end_subscription(now);
        }
        match (change, self.state) {
            (OrderChange::Cancel, Cancelled)
            | (OrderChange::Fulfil, Fulfilled)
            | (OrderChange::Close, Closed) => {}
            (_, Cancelled) => {
                return Err(Refusal::new(Code::OrderCancelled, "The order was cancelled."));
            }
            (OrderChange::AddLine(line), Open | PaymentPending) => {
                self.recalculate = true;
                self.add_line(line.clone())?;
            }
            (OrderChange::RemoveLine(number), Open | PaymentPending) => {
                self.remove_line(*number)?;
            }
            (OrderChange::Cancel, Open | PaymentPending) => self.enter(Cancelled, now),
            (OrderChange::Fulfil, Paid) => self.enter(Fulfilled, now),
            (OrderChange::Close, Paid | Fulfilled) => self.enter(Closed, now),
            (_, state) => {
                let message = format!("The order is {}; that cannot be done now.", state.name());
                return Err(Refusal::new(Code::OrderNotOpen, message));
            }
        }
        Ok(())
    }

    /// A period that is paid is not paid back by it.
    fn end_subscription(&mut self, now: Timestamp) -> Result<(), Refusal> {
        let Some(subscription) = &mut self.subscription else {
            let message = "The order has no subscription that could end.";
            return Err(Refusal::new(Code::OrderNotOpen, message));
        };
        subscription.end(now);
        Ok(())
    }

    fn remove_line(&mut self, number: u16) -> Result<(), Refusal> {
        let count = self.lines.len();
        self.lines.retain(|line| line.number != number);
        if self.lines.len() == count {
            let message = format!("The order has no line {number}.");
            return Err(Refusal::new(Code::OrderLineNotFound, message));
        }
        self.recalculate = true;
        Ok(())
    }
}
