//! The means of paying that a member prefers: one, and always one that stays on file.

use super::{PaymentProfile, Wallet, find};
use crate::audit::AuditNote;
use crate::club::overdue;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{MemberId, PaymentProfileId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// Makes a profile the one that the member prefers.
///
/// # Errors
/// [`Code::AcctTokenInvalid`] when it is none of theirs or can no longer be charged,
/// [`Code::PaymentProfileRequired`] when it is for one use only; [`Halt::Missing`] when something
/// is not in memory.
pub fn prefer(
    facts: &mut Facts<'_>,
    shard: Shard,
    member: MemberId,
    id: PaymentProfileId,
    now: Timestamp,
) -> Result<(), Halt> {
    if find::by_id(facts, shard, member, id, now)?.temporary {
        let message = "This means of paying is for one use and cannot be preferred; put one on \
                       file that stays.";
        return Err(Refusal::new(Code::PaymentProfileRequired, message).into());
    }
    let Some(wallet) = facts.edit::<Wallet>(Wallet::key_of(shard, member))? else {
        return Ok(());
    };
    wallet.preferred = Some(id);
    let waiting = std::mem::take(&mut wallet.waiting);
    overdue::method_preferred(shard, &waiting, facts)
}

/// Makes a profile the preferred one because somebody says so.
#[derive(Clone, Debug)]
pub struct PreferProfile {
    /// The chain.
    pub shard: Shard,
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub id: PaymentProfileId,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for PreferProfile {
    type Outcome = ();

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Wallet::key_of(self.shard, self.member));
        keys.push(PaymentProfile::key_of(self.shard, self.id));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        prefer(facts, self.shard, self.member, self.id, now)?;
        self.note.record_of(self.shard, facts, now);
        Ok(())
    }
}
