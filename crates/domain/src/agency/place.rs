//! Placing an order for a customer, or for somebody whom the first payment will name.

use std::sync::Arc;

use super::{Address, Agency, Customer, CustomerOrder, OrderLine, OrderState, Uid};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{CustomerId, CustomerOrderId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// Places an order.
#[derive(Clone, Debug)]
pub struct PlaceCustomerOrder {
    /// The agency.
    pub shard: Shard,
    /// For whom; `None` to say later.
    pub customer: Option<CustomerId>,
    /// What is ordered; may be empty, lines can be added later.
    pub lines: Vec<OrderLine>,
    /// Minor units for sending it.
    pub shipping_cost: i64,
    /// Where the bill goes.
    pub billing: Option<Address>,
    /// Where the goods go.
    pub shipping: Option<Address>,
    /// For people.
    pub notes: Option<String>,
    /// Random bits for the GUID.
    pub random: Secret,
}

impl Command for PlaceCustomerOrder {
    type Outcome = Arc<CustomerOrder>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), Agency::key_of(self.shard)]);
        keys.extend(self.customer.map(|id| Customer::key_of(self.shard, id)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<CustomerOrder>, Halt> {
        let agency = facts.look::<Agency>(Agency::key_of(self.shard))?.cloned();
        let agency =
            agency.ok_or_else(|| Refusal::new(Code::AgentNotFound, "There is no such agent."))?;
        if let Some(id) = self.customer
            && facts.look::<Customer>(Customer::key_of(self.shard, id))?.is_none()
        {
            let message = format!("The agent has no customer {}.", id.0);
            return Err(Refusal::new(Code::CustomerNotFound, message).into());
        }
        let id = CustomerOrderId(facts.number(self.shard, CustomerOrderId::KIND)?);
        let mut order = CustomerOrder {
            shard: self.shard,
            id,
            uid: Uid::new(self.shard, id.0, self.random),
            customer: self.customer,
            state: OrderState::Open,
            currency: agency.currency,
            lines: Vec::new(),
            next_line: 1,
            shipping_cost: self.shipping_cost,
            billing: self.billing.clone(),
            shipping: self.shipping.clone(),
            notes: self.notes.clone(),
            paid: 0,
            recalculate: false,
            open: None,
            payments: Vec::new(),
            subscription: None,
            payment_link: None,
            placed_at: now,
            changed_at: now,
        };
        order.check_total()?;
        self.lines.iter().try_for_each(|line| order.add_line(line.clone()))?;
        Ok(facts.put(order))
    }
}
