//! Making a customer and changing one.

use std::sync::Arc;

use super::{Agency, Customer, CustomerCode, CustomerDetails};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{CustomerId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// Makes a customer, or replaces what is known of one.
#[derive(Clone, Debug)]
pub struct SaveCustomer {
    /// The agency.
    pub shard: Shard,
    /// Which; `None` for a new one.
    pub id: Option<CustomerId>,
    /// Who it is from now on.
    pub details: CustomerDetails,
    /// Random bits for the GUID of a new one.
    pub random: Secret,
}

/// A customer after a change.
#[derive(Clone, Debug)]
pub struct SavedCustomer {
    /// As it is now.
    pub customer: Arc<Customer>,
    /// Whether it is new.
    pub created: bool,
}

impl Command for SaveCustomer {
    type Outcome = SavedCustomer;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), Agency::key_of(self.shard)]);
        keys.extend(self.id.map(|id| Customer::key_of(self.shard, id)));
        let code = self.details.code.as_deref();
        keys.extend(code.map(|code| CustomerCode::key_of(self.shard, code)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<SavedCustomer, Halt> {
        if facts.look::<Agency>(Agency::key_of(self.shard))?.is_none() {
            return Err(Refusal::new(Code::AgentNotFound, "There is no such agent.").into());
        }
        if self.details.name().is_empty() {
            let message = "A customer has the name of a company or of a person.";
            return Err(Refusal::new(Code::ValidationFailed, message).into());
        }
        let Some(id) = self.id else {
            let (details, random) = (self.details.clone(), self.random);
            let customer = Customer::create(facts, self.shard, details, random, now)?;
            return Ok(SavedCustomer { customer: Arc::new(customer), created: true });
        };
        let known = facts.look::<Customer>(Customer::key_of(self.shard, id))?.cloned();
        let known = known.ok_or_else(|| {
            let message = format!("The agent has no customer {}.", id.0);
            Refusal::new(Code::CustomerNotFound, message)
        })?;
        if known.details.code != self.details.code {
            CustomerCode::free(facts, self.shard, known.details.code.as_deref())?;
            CustomerCode::take(facts, self.shard, self.details.code.as_deref(), id)?;
        }
        let customer = Customer { details: self.details.clone(), changed_at: now, ..known };
        Ok(SavedCustomer { customer: facts.put(customer), created: false })
    }
}
