//! Giving API keys out and withdrawing them.

mod scope;

pub use self::scope::{ClubScope, KEY_STORES_MAX, Restriction};
use crate::audit::{AuditEvent, AuditNote};
use crate::catalogue::Principal;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{NumberKind, PrincipalId, Shard};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::seller::edit_or_create;
use crate::time::Timestamp;
use crate::user::User;

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
        withdraw(facts, self.key_id, &self.note, now).map(|withdrawn| withdrawn.is_some())
    }
}

/// Gives a user a new key of its own in place of the one it has: at no moment are both good, and
/// none is without a line of the audit.
#[derive(Clone, Debug)]
pub struct RenewKey {
    /// Whose it is.
    pub user: PrincipalId,
    /// The new key; its number and its owner are set here.
    pub principal: Principal,
    /// What the audit says of the new key.
    pub note: AuditNote,
}

impl Command for RenewKey {
    /// The key that was good until now.
    type Outcome = Option<u128>;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(Shard::HOUSE), User::key_of(self.user)]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Option<u128>, Halt> {
        let missing = || Halt::from(Refusal::new(Code::UserNotFound, "There is no such user."));
        let key = User::key_of(self.user);
        let user = facts.look::<User>(key)?.filter(|user| user.active).ok_or_else(missing)?;
        let earlier = match user.api_key {
            Some(earlier) => withdraw(facts, earlier, &self.note, now)?,
            None => None,
        };
        edit_or_create(facts, Shard::HOUSE)?;
        let id = PrincipalId(facts.number(Shard::HOUSE, NumberKind::Principal)?);
        facts.put(Principal { id, owner: Some(self.user), ..self.principal.clone() });
        facts.edit::<User>(key)?.ok_or_else(missing)?.api_key = Some(self.principal.key_id);
        AuditNote { subject: Some(id), ..self.note.clone() }.record(facts, now);
        Ok(earlier)
    }
}

/// Makes a key open nothing any more, if there is one that does. What the audit says of it is
/// `note` with the key's own name: it may be written beside another record of that note.
pub(crate) fn withdraw(
    facts: &mut Facts<'_>,
    key_id: u128,
    note: &AuditNote,
    now: Timestamp,
) -> Result<Option<u128>, Halt> {
    let key = key_of(key_id);
    if !facts.look::<Principal>(key)?.is_some_and(|principal| principal.active) {
        return Ok(None);
    }
    let Some(principal) = facts.edit::<Principal>(key)? else { return Ok(None) };
    principal.active = false;
    let note = AuditNote {
        nonce: !note.nonce,
        event: AuditEvent::KeyWithdrawn,
        subject: Some(principal.id),
        name: principal.name.clone(),
        detail: principal.hint.clone(),
        ..note.clone()
    };
    note.record(facts, now);
    Ok(Some(key_id))
}
