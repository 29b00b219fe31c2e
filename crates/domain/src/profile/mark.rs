//! What a decline says of the card itself (`payments.md` §4.2).

use super::{PaymentProfile, ProfileState};
use crate::attempt::DeclineReason;
use crate::facts::{Facts, Halt};
use crate::ids::{PaymentProfileId, Shard};

/// Marks a profile whose card was declined for good, so that it is not tried again. Any other
/// reason leaves it as it is.
///
/// # Errors
/// [`Halt::Missing`] when the profile is not in memory.
pub fn mark(
    facts: &mut Facts<'_>,
    shard: Shard,
    id: PaymentProfileId,
    reason: DeclineReason,
) -> Result<(), Halt> {
    let state = match reason {
        DeclineReason::HardAccount | DeclineReason::CardInvalid => ProfileState::Unusable,
        DeclineReason::HardExpiry => ProfileState::NeedsExpiry,
        _ => return Ok(()),
    };
    let key = PaymentProfile::key_of(shard, id);
    let worsens = |profile: &PaymentProfile| match profile.state {
        ProfileState::Usable => true,
        ProfileState::NeedsExpiry => state == ProfileState::Unusable,
        ProfileState::Unusable | ProfileState::Removed => false,
    };
    if facts.look::<PaymentProfile>(key)?.is_some_and(worsens)
        && let Some(profile) = facts.edit::<PaymentProfile>(key)?
    {
        profile.state = state;
    }
    Ok(())
}
