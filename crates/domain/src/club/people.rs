//! What saving members and staff have in common, and how those are told that there are not.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::ClubStore;
use crate::audit::{AuditChange, AuditNote};
use crate::facts::{Facts, Halt};
use crate::ids::{ClubStoreId, MemberId, Shard, StaffId};
use crate::record::Aggregate;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// The refusal for a member that there is not.
#[must_use]
pub fn no_member(id: MemberId) -> Refusal {
    Refusal::new(Code::MemberNotFound, format!("There is no member {} of this chain.", id.0))
}

/// The refusal for staff that there is not.
pub(super) fn no_staff(id: StaffId) -> Refusal {
    let message = format!("There is nobody with number {} on the staff of this store.", id.0);
    Refusal::new(Code::StaffNotFound, message)
}

/// The refusal for a store that there is not.
pub(super) fn no_store(id: ClubStoreId) -> Refusal {
    Refusal::new(Code::StoreNotFound, format!("There is no store {} of this chain.", id.0))
}

/// Refuses a store that there is not.
pub(super) fn check_store(facts: &Facts<'_>, shard: Shard, id: ClubStoreId) -> Result<(), Halt> {
    let store = facts.look::<ClubStore>(ClubStore::key_of(shard, id))?;
    store.map(|_| ()).ok_or_else(|| no_store(id).into())
}

/// Writes it, and what differs of it into the audit.
pub(super) fn save<A: Aggregate + Serialize>(
    before: Option<&A>,
    after: A,
    note: &AuditNote,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Arc<A> {
    let change = difference(before, &after);
    note.record_change(after.key().shard, &change, facts, now);
    facts.put(after)
}

fn difference<A: Serialize>(before: Option<&A>, after: &A) -> AuditChange {
    let members = |item: &A| match serde_json::to_value(item) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let (was, is) = (before.map(members), members(after));
    let Some(was) = was else {
        return AuditChange { before: None, after: Value::Object(is).to_string() };
    };
    let differing = |one: &Map<String, Value>, other: &Map<String, Value>| {
        let members = one.iter().filter(|(name, value)| other.get(*name) != Some(value));
        let members = members.map(|(name, value)| (name.clone(), value.clone()));
        Value::Object(members.collect()).to_string()
    };
    AuditChange { before: Some(differing(&was, &is)), after: differing(&is, &was) }
}
