//! Saving members and staff of a chain: the office and the chain's own systems do it.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{ClubStore, Member, Staff};
use crate::audit::{AuditChange, AuditNote};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ClubStoreId, MemberId, Shard, StaffId};
use crate::record::Aggregate;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What is told of a member; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberDetails {
    /// Their club; a new member needs one.
    pub store: Option<ClubStoreId>,
    /// Their name; a new member needs one.
    pub name: Option<String>,
    /// Where letters go, checked by whoever took it in.
    pub email: Option<String>,
    /// Their phone in international form.
    pub phone: Option<String>,
    /// The club's own number for them.
    pub external_id: Option<String>,
    /// They may buy; a new member may.
    pub active: Option<bool>,
}

/// Adds a member, or changes one.
#[derive(Clone, Debug)]
pub struct SaveMember {
    /// The chain.
    pub shard: Shard,
    /// Whom; `None` for a new member.
    pub member: Option<MemberId>,
    /// What is told of them.
    pub details: MemberDetails,
    /// Who does it.
    pub note: AuditNote,
}

impl Command for SaveMember {
    type Outcome = Arc<Member>;

    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
        keys.extend(self.member.map(|id| Member::key_of(self.shard, id)));
        keys.extend(self.details.store.map(|id| ClubStore::key_of(self.shard, id)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Member>, Halt> {
        self.details.store.map_or(Ok(()), |store| check_store(facts, self.shard, store))?;
        let Some(id) = self.member else {
            let id = MemberId(facts.number(self.shard, MemberId::KIND)?);
            let member = self.new_member(id, now)?;
            return Ok(save(None, member, &self.note, facts, now));
        };
        let before = facts.share::<Member>(Member::key_of(self.shard, id))?;
        let before = before.ok_or_else(|| no_member(id))?;
        let mut member = Member::clone(&before);
        self.change(&mut member);
        if member == *before {
            return Ok(before);
        }
        member.changed_at = now;
        Ok(save(Some(&before), member, &self.note, facts, now))
    }
}

impl SaveMember {
    fn new_member(&self, id: MemberId, now: Timestamp) -> Result<Member, Refusal> {
        let told = &self.details;
        let needed = |what: &str| {
            Refusal::new(Code::ValidationFailed, format!("A new member needs a {what}."))
        };
        Ok(Member {
            shard: self.shard,
            id,
            store: told.store.ok_or_else(|| needed("store"))?,
            name: told.name.clone().ok_or_else(|| needed("name"))?,
            email: told.email.clone(),
            phone: told.phone.clone(),
            external_id: told.external_id.clone(),
            active: told.active.unwrap_or(true),
            promos_used: Vec::new(),
            created_at: now,
            changed_at: now,
        })
    }

    fn change(&self, member: &mut Member) {
        let told = self.details.clone();
        member.store = told.store.unwrap_or(member.store);
        member.active = told.active.unwrap_or(member.active);
        member.name = told.name.unwrap_or_else(|| member.name.clone());
        member.email = told.email.or(member.email.take());
        member.phone = told.phone.or(member.phone.take());
        member.external_id = told.external_id.or(member.external_id.take());
    }
}

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

/// The refusal for a member that there is not.
pub(super) fn no_member(id: MemberId) -> Refusal {
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

fn check_store(facts: &Facts<'_>, shard: Shard, id: ClubStoreId) -> Result<(), Halt> {
    let store = facts.look::<ClubStore>(ClubStore::key_of(shard, id))?;
    store.map(|_| ()).ok_or_else(|| no_store(id).into())
}

/// Writes it, and what differs of it into the audit.
fn save<A: Aggregate + Serialize>(
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
