//! Giving API keys out and withdrawing them.

use crate::audit::AuditNote;
use crate::catalogue::Principal;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{NumberKind, PrincipalId, Shard};
use crate::record::Kind;
use crate::seller::edit_or_create;
use crate::time::Timestamp;

/// Where the owner of a key lives.
#[must_use]
pub fn key_of(key_id: u128) -> Key {
    Key::hashed(Shard::HOUSE, Kind::Principal, 0, key_id)
}

/// Adds a caller with a new key.
#[derive(Clone, Debug)]
pub struct AddKey {
    /// The caller; its number is drawn here.
    pub principal: Principal,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for AddKey {
    type Outcome = PrincipalId;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(Shard::HOUSE));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<PrincipalId, Halt> {
        edit_or_create(facts, Shard::HOUSE)?;
        let id = PrincipalId(facts.number(Shard::HOUSE, NumberKind::Principal)?);
        facts.put(Principal { id, ..self.principal.clone() });
        AuditNote { subject: Some(id), ..self.note.clone() }.record(facts, now);
        Ok(id)
    }
}

/// Makes a key open nothing any more.
#[derive(Clone, Debug)]
pub struct WithdrawKey {
    /// The first half of the key's hash.
    pub key_id: u128,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for WithdrawKey {
    /// Whether the key was good until now.
    type Outcome = bool;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(key_of(self.key_id));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        let key = key_of(self.key_id);
        if !facts.look::<Principal>(key)?.is_some_and(|principal| principal.active) {
            return Ok(false);
        }
        let Some(principal) = facts.edit::<Principal>(key)? else { return Ok(false) };
        principal.active = false;
        self.note.record(facts, now);
        Ok(true)
    }
}
