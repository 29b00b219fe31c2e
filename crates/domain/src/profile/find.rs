//! The profile that a request names. What belongs to somebody else looks as if it were not there.

use std::sync::Arc;

use super::{AcctToken, PaymentProfile, ProfileOwner, ProfileState, Wallet};
use crate::facts::{Facts, Halt};
use crate::ids::{MemberId, PaymentProfileId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// The member's profile that an `AcctToken` names.
///
/// # Errors
/// [`Code::AcctTokenInvalid`] when it names none of theirs, or one that can no longer be charged;
/// [`Halt::Missing`] when it is not in memory.
pub fn by_acct_token(
    facts: &Facts<'_>,
    shard: Shard,
    member: MemberId,
    token: &AcctToken,
    now: Timestamp,
) -> Result<Arc<PaymentProfile>, Halt> {
    let profile = by_id(facts, shard, member, token.id, now)?;
    if profile.secret.matches(&token.secret) { Ok(profile) } else { Err(not_found().into()) }
}

/// The member's profile of this number.
///
/// # Errors
/// As [`by_acct_token`].
pub fn by_id(
    facts: &Facts<'_>,
    shard: Shard,
    member: MemberId,
    id: PaymentProfileId,
    now: Timestamp,
) -> Result<Arc<PaymentProfile>, Halt> {
    let profile = owned(facts, shard, member, id, now)?;
    match unusable(&profile) {
        None => Ok(profile),
        Some(reason) => Err(Refusal::new(Code::AcctTokenInvalid, reason).into()),
    }
}

/// The profile that the member prefers.
///
/// # Errors
/// [`Code::PreferredMethodMissing`] when there is none, or it can no longer be charged;
/// [`Halt::Missing`] when it is not in memory.
pub fn preferred(
    facts: &Facts<'_>,
    shard: Shard,
    member: MemberId,
    now: Timestamp,
) -> Result<Arc<PaymentProfile>, Halt> {
    let missing = |message: &str| Halt::from(Refusal::new(Code::PreferredMethodMissing, message));
    let wallet = facts.look::<Wallet>(Wallet::key_of(shard, member))?;
    let none = "The member has no preferred means of paying; name one, or put one on file.";
    let id = wallet.and_then(|wallet| wallet.preferred).ok_or_else(|| missing(none))?;
    let profile = facts.share::<PaymentProfile>(PaymentProfile::key_of(shard, id))?;
    let profile = profile.filter(|profile| !profile.is_gone(now)).ok_or_else(|| missing(none))?;
    unusable(&profile).map_or(Ok(profile), |reason| Err(missing(reason)))
}

/// The profile of this number, if it is the member's and not gone, however it stands.
pub(super) fn owned(
    facts: &Facts<'_>,
    shard: Shard,
    member: MemberId,
    id: PaymentProfileId,
    now: Timestamp,
) -> Result<Arc<PaymentProfile>, Halt> {
    let found = facts.share::<PaymentProfile>(PaymentProfile::key_of(shard, id))?;
    let is_own = |profile: &Arc<PaymentProfile>| {
        profile.owner == ProfileOwner::Member(member) && !profile.is_gone(now)
    };
    Ok(found.filter(is_own).ok_or_else(not_found)?)
}

/// Why a profile that is there cannot be charged.
fn unusable(profile: &PaymentProfile) -> Option<&'static str> {
    match profile.state {
        ProfileState::Usable => None,
        ProfileState::NeedsExpiry => {
            Some("The card has expired; put the new one on file. Nothing was charged.")
        }
        ProfileState::Unusable | ProfileState::Removed => {
            Some("The card can no longer be charged; use another one. Nothing was charged.")
        }
    }
}

fn not_found() -> Refusal {
    let message = "The member has no such means of paying; list them and name one of those.";
    Refusal::new(Code::AcctTokenInvalid, message)
}
