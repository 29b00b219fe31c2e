//! An agency's customers, found by GUID or by the agency's own code (`domain.md` §5.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Uid;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{CustomerId, Shard};
use crate::record::{Kind, word};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// Who a customer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerDetails {
    /// The agency's own code; no two customers of it have the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Name of a company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_name: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl CustomerDetails {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == CustomerDetails::default()
    }

    /// The company, or else the person.
    #[must_use]
    pub fn name(&self) -> String {
        let person = [&self.first_name, &self.last_name].into_iter().flatten();
        let person = person.map(String::as_str).collect::<Vec<_>>().join(" ");
        self.business_name.clone().unwrap_or(person)
    }
}

/// A customer of an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The agency.
    pub shard: Shard,
    /// Its number.
    pub id: CustomerId,
    /// Its GUID.
    pub uid: Uid,
    /// Who it is.
    #[serde(flatten)]
    pub details: CustomerDetails,
    /// What gateways call it, by their configured names; one that keeps means of paying has a
    /// customer for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gateway_names: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Whose an agency's code of a customer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCode {
    /// The agency.
    pub shard: Shard,
    /// The hash of the code.
    pub hash: u128,
    /// The customer.
    pub customer: CustomerId,
}

/// A customer as a request names it: guards, and data for a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerNamed {
    /// Must be the order's customer; 0 is not stated.
    pub id: CustomerId,
    /// Must be the order's customer; zeros are not stated.
    pub uid: Uid,
    /// Who it is.
    pub details: CustomerDetails,
}

impl Customer {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: CustomerId) -> Key {
        Key::number(shard, Kind::Customer, id.0)
    }

    /// Makes a customer and takes its code.
    ///
    /// # Errors
    /// [`Code::CustomerCodeTaken`], [`Halt::Missing`].
    pub(super) fn create(
        facts: &mut Facts<'_>,
        shard: Shard,
        details: CustomerDetails,
        random: Secret,
        now: Timestamp,
    ) -> Result<Customer, Halt> {
        let id = CustomerId(facts.number(shard, CustomerId::KIND)?);
        CustomerCode::take(facts, shard, details.code.as_deref(), id)?;
        let uid = Uid::new(shard, id.0, random);
        let gateway_names = BTreeMap::new();
        let (created_at, changed_at) = (now, now);
        let customer = Customer { shard, id, uid, details, gateway_names, created_at, changed_at };
        facts.put(customer.clone());
        Ok(customer)
    }

    /// Fills what is empty and overwrites nothing; true when anything was filled.
    pub(super) fn fill(&mut self, told: &CustomerDetails, now: Timestamp) -> bool {
        let before = self.details.clone();
        let known = &mut self.details;
        for (known, told) in [
            (&mut known.code, &told.code),
            (&mut known.business_name, &told.business_name),
            (&mut known.first_name, &told.first_name),
            (&mut known.last_name, &told.last_name),
            (&mut known.email, &told.email),
        ] {
            if known.is_none() {
                known.clone_from(told);
            }
        }
        let is_changed = before != self.details;
        if is_changed {
            self.changed_at = now;
        }
        is_changed
    }
}

impl CustomerCode {
    /// Where a code lives.
    #[must_use]
    pub fn key_of(shard: Shard, code: &str) -> Key {
        Key::hashed(shard, Kind::CustomerCode, 0, word("customer code", code))
    }

    /// Takes a code for a customer; its own again is nothing new.
    ///
    /// # Errors
    /// [`Code::CustomerCodeTaken`], [`Halt::Missing`].
    pub(super) fn take(
        facts: &mut Facts<'_>,
        shard: Shard,
        code: Option<&str>,
        customer: CustomerId,
    ) -> Result<(), Halt> {
        let Some(code) = code else { return Ok(()) };
        let key = CustomerCode::key_of(shard, code);
        let holder = facts.look::<CustomerCode>(key)?.map_or(CustomerId(0), |row| row.customer);
        if ![CustomerId(0), customer].contains(&holder) {
            let message = format!("Customer {} has this code.", holder.0);
            return Err(Refusal::new(Code::CustomerCodeTaken, message).into());
        }
        facts.put(CustomerCode { shard, hash: key.hash, customer });
        Ok(())
    }

    /// Lets a code go that its customer does not have any more.
    pub(super) fn free(
        facts: &mut Facts<'_>,
        shard: Shard,
        code: Option<&str>,
    ) -> Result<(), Halt> {
        let Some(code) = code else { return Ok(()) };
        // Rows are not removed; number 0 is nobody's.
        if let Some(row) = facts.edit::<CustomerCode>(CustomerCode::key_of(shard, code))? {
            row.customer = CustomerId(0);
        }
        Ok(())
    }
}
