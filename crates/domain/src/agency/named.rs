//! The customer that a payment names: compared with the order's, or found or made for it
//! (`domain.md` §5.1).

use super::{Customer, CustomerCode, CustomerNamed, CustomerOrder};
use crate::facts::{Facts, Halt};
use crate::ids::{CustomerId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

impl CustomerNamed {
    /// Refuses another customer than the order's.
    ///
    /// # Errors
    /// [`Code::CustomerMismatch`], [`Halt::Missing`].
    pub(crate) fn check(&self, order: &CustomerOrder, facts: &Facts<'_>) -> Result<(), Halt> {
        let Some(id) = order.customer else { return Ok(()) };
        let customer = facts.look::<Customer>(Customer::key_of(order.shard, id))?;
        let is_other_id = self.id.0 != 0 && self.id != id;
        let is_other_uid =
            !self.uid.is_unstated() && customer.is_none_or(|customer| customer.uid != self.uid);
        if is_other_id || is_other_uid {
            return Err(mismatch().into());
        }
        Ok(())
    }

    /// Gives the order its customer, if it has none: found by number, GUID or code, or else made.
    /// Of a customer that is known only what was empty is filled.
    ///
    /// # Errors
    /// [`Code::CustomerMismatch`], [`Code::CustomerCodeTaken`], [`Halt::Missing`].
    pub(crate) fn settle(
        &self,
        order: &mut CustomerOrder,
        random: Secret,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let found = match order.customer {
            Some(id) => Some(id),
            None => self.find(order.shard, facts)?,
        };
        order.customer = match found {
            Some(id) => {
                self.fill(order.shard, id, facts, now)?;
                Some(id)
            }
            None if self.details.name().is_empty() => None,
            None => {
                let details = self.details.clone();
                Some(Customer::create(facts, order.shard, details, random, now)?.id)
            }
        };
        Ok(())
    }

    fn find(&self, shard: Shard, facts: &Facts<'_>) -> Result<Option<CustomerId>, Halt> {
        if self.id.0 != 0 {
            let customer = facts.look::<Customer>(Customer::key_of(shard, self.id))?;
            return Ok(Some(customer.ok_or_else(mismatch)?.id));
        }
        if self.uid.shard() == shard {
            let key = Customer::key_of(shard, CustomerId(self.uid.number()));
            let customer = facts.look::<Customer>(key)?.filter(|it| it.uid == self.uid);
            if let Some(customer) = customer {
                return Ok(Some(customer.id));
            }
        }
        let Some(code) = &self.details.code else { return Ok(None) };
        let row = facts.look::<CustomerCode>(CustomerCode::key_of(shard, code))?;
        Ok(row.map(|row| row.customer).filter(|customer| customer.0 != 0))
    }

    fn fill(
        &self,
        shard: Shard,
        id: CustomerId,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let known = facts.look::<Customer>(Customer::key_of(shard, id))?.cloned();
        let Some(mut customer) = known else { return Ok(()) };
        if customer.fill(&self.details, now) {
            CustomerCode::take(facts, shard, customer.details.code.as_deref(), id)?;
            facts.put(customer);
        }
        Ok(())
    }
}

fn mismatch() -> Refusal {
    Refusal::new(Code::CustomerMismatch, "This is not the customer of the order.")
}
