//! Saving members of a chain: the office and the chain's own systems do it.

use std::sync::Arc;

use super::people::{check_store, no_member, save};
use super::{ClubStore, Member};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ClubStoreId, MemberId, Shard};
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
            let member = new_member(&self.details, self.shard, id, now)?;
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

/// A member who joins now.
pub(super) fn new_member(
    told: &MemberDetails,
    shard: Shard,
    id: MemberId,
    now: Timestamp,
) -> Result<Member, Refusal> {
    let needed =
        |what: &str| Refusal::new(Code::ValidationFailed, format!("A new member needs a {what}."));
    Ok(Member {
        shard,
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
