//! Members as far as means of paying go.

use crate::club::Member;
use crate::facts::{Facts, Halt};
use crate::ids::{MemberId, Shard};
use crate::refusal::{Code, Refusal};

/// Checks that there is such a member, who may buy.
///
/// # Errors
/// [`Code::MemberNotFound`], [`Code::MemberInactive`]; [`Halt::Missing`] when the member is not in
/// memory.
pub(super) fn require_active(
    facts: &Facts<'_>,
    shard: Shard,
    member: MemberId,
) -> Result<(), Halt> {
    match facts.look::<Member>(Member::key_of(shard, member))? {
        Some(member) if member.active => Ok(()),
        Some(_) => {
            let message = "The membership is closed; nothing was changed.";
            Err(Refusal::new(Code::MemberInactive, message).into())
        }
        None => {
            let message = "This chain has no such member.";
            Err(Refusal::new(Code::MemberNotFound, message).into())
        }
    }
}
