//! Taking a means of paying away: at once here, and soon at its gateway.

use super::{PaymentProfile, ProfileOwner, ProfileState, Wallet, find};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{MemberId, PaymentProfileId, Shard};
use crate::time::{Span, Timestamp};

/// After how long a gateway is told again that did not take it.
const DROP_AGAIN_AFTER: Span = Span::minutes(15);

/// Removes a member's profile. It can be used no more; a payment that is under way ends as it
/// would have.
#[derive(Clone, Debug)]
pub struct RemoveProfile {
    /// The chain.
    pub shard: Shard,
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub id: PaymentProfileId,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for RemoveProfile {
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
        find::owned(facts, self.shard, self.member, self.id, now)?;
        take_away(facts, self.shard, self.member, self.id, now)?;
        self.note.record_of(self.shard, facts, now);
        Ok(())
    }
}

/// Takes a profile out of its member's wallet.
pub(super) fn take_away(
    facts: &mut Facts<'_>,
    shard: Shard,
    member: MemberId,
    id: PaymentProfileId,
    now: Timestamp,
) -> Result<(), Halt> {
    if let Some(profile) = facts.edit::<PaymentProfile>(PaymentProfile::key_of(shard, id))? {
        profile.remove(now);
    }
    if let Some(wallet) = facts.edit::<Wallet>(Wallet::key_of(shard, member))? {
        wallet.take_out(id);
    }
    Ok(())
}

/// Forgets what stands for a profile at its gateway, which refuses it from now on.
#[derive(Clone, Debug)]
pub struct ForgetToken {
    /// The chain.
    pub shard: Shard,
    /// Which.
    pub id: PaymentProfileId,
}

impl Command for ForgetToken {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(PaymentProfile::key_of(self.shard, self.id));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if let Some(profile) = dropped(facts, self.shard, self.id, now)? {
            (profile.token, profile.drop_at) = (None, None);
        }
        Ok(())
    }
}

/// Has a gateway told later that it is to refuse a profile.
#[derive(Clone, Debug)]
pub struct DropLater {
    /// The chain.
    pub shard: Shard,
    /// Which.
    pub id: PaymentProfileId,
}

impl Command for DropLater {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(PaymentProfile::key_of(self.shard, self.id));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if let Some(profile) = dropped(facts, self.shard, self.id, now)? {
            profile.drop_at = Some(now.after(DROP_AGAIN_AFTER));
        }
        Ok(())
    }
}

/// The profile, removed from its wallet too, if its gateway is to be told now.
fn dropped<'f>(
    facts: &'f mut Facts<'_>,
    shard: Shard,
    id: PaymentProfileId,
    now: Timestamp,
) -> Result<Option<&'f mut PaymentProfile>, Halt> {
    let key = PaymentProfile::key_of(shard, id);
    let profile = facts.look::<PaymentProfile>(key)?;
    let due = profile.filter(|profile| profile.due().is_some_and(|due| due <= now));
    let Some(owner) = due.map(|profile| profile.owner) else { return Ok(None) };
    if let ProfileOwner::Member(member) = owner
        && let Some(wallet) = facts.edit::<Wallet>(Wallet::key_of(shard, member))?
    {
        wallet.take_out(id);
    }
    let mut profile = facts.edit::<PaymentProfile>(key)?;
    if let Some(profile) = &mut profile {
        profile.state = ProfileState::Removed;
    }
    Ok(profile)
}
