//! Ending what devices may: a device that signs out, a phone that was lost.

use super::{Handle, Phone};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::time::Timestamp;

/// Which devices no longer speak for a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The one with this token.
    One(Handle),
    /// All but the one with this token.
    Others(Handle),
    /// All, and an open request for a code too.
    All,
}

/// Ends them. Answers how many there were; none of a phone that nobody has proved.
#[derive(Clone, Debug)]
pub struct RevokePhone {
    /// The hash of the phone.
    pub phone: u128,
    /// Which.
    pub revoked: Revoked,
    /// What the audit is told, when somebody else than the phone's owner does it.
    pub note: Option<AuditNote>,
}

impl Command for RevokePhone {
    type Outcome = usize;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Phone::key_of(self.phone));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<usize, Halt> {
        let Some(phone) = facts.edit::<Phone>(Phone::key_of(self.phone))? else { return Ok(0) };
        let before = phone.verifications.len();
        phone.verifications.retain(|known| match &self.revoked {
            Revoked::One(token) => !known.token_hash.matches(&token.verification_hash()),
            Revoked::Others(token) => known.token_hash.matches(&token.verification_hash()),
            Revoked::All => false,
        });
        if self.revoked == Revoked::All {
            phone.request = None;
        }
        let ended = before - phone.verifications.len();
        if let Some(note) = &self.note {
            note.record(facts, now);
        }
        Ok(ended)
    }
}
