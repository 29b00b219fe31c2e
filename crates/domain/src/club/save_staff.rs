//! Saving who works at the stores of a chain.

use std::sync::Arc;

use super::people::{check_store, no_staff, save};
use super::{ClubStore, Staff};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ClubStoreId, Shard, StaffId};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What is told of somebody on the staff; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffDetails {
    /// Their name; new staff needs one.
    pub name: Option<String>,
    /// Where they work; empty for every store of the chain.
    pub stores: Option<Vec<ClubStoreId>>,
    /// Sales may be credited to them; to new staff they may.
    pub active: Option<bool>,
}

/// Adds somebody to the staff, or changes somebody of it.
#[derive(Clone, Debug)]
pub struct SaveStaff {
    /// The chain.
    pub shard: Shard,
    /// Whom; `None` for somebody new.
    pub staff: Option<StaffId>,
    /// What is told of them.
    pub details: StaffDetails,
    /// Who does it.
    pub note: AuditNote,
}

impl Command for SaveStaff {
    type Outcome = Arc<Staff>;

    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
        keys.extend(self.staff.map(|id| Staff::key_of(self.shard, id)));
        let stores = self.details.stores.iter().flatten();
        keys.extend(stores.map(|id| ClubStore::key_of(self.shard, *id)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Staff>, Halt> {
        for store in self.details.stores.iter().flatten() {
            check_store(facts, self.shard, *store)?;
        }
        let Some(id) = self.staff else {
            let id = StaffId(facts.number(self.shard, StaffId::KIND)?);
            let staff = self.new_staff(id)?;
            return Ok(save(None, staff, &self.note, facts, now));
        };
        let before = facts.share::<Staff>(Staff::key_of(self.shard, id))?;
        let before = before.ok_or_else(|| no_staff(id))?;
        let told = self.details.clone();
        let staff = Staff {
            name: told.name.unwrap_or_else(|| before.name.clone()),
            stores: told.stores.unwrap_or_else(|| before.stores.clone()),
            active: told.active.unwrap_or(before.active),
            ..Staff::clone(&before)
        };
        if staff == *before {
            return Ok(before);
        }
        Ok(save(Some(&before), staff, &self.note, facts, now))
    }
}

impl SaveStaff {
    fn new_staff(&self, id: StaffId) -> Result<Staff, Refusal> {
        let told = self.details.clone();
        let name = told.name.ok_or_else(|| {
            Refusal::new(Code::ValidationFailed, "Somebody new on the staff needs a name.")
        })?;
        let (stores, active) = (told.stores.unwrap_or_default(), told.active.unwrap_or(true));
        Ok(Staff { shard: self.shard, id, name, stores, active })
    }
}
