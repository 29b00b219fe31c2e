//! What operations of the back office share: whose organiser it is, why something is done, and
//! what the audit tells of it.

use domain::audit::{AuditEvent, AuditNote};
use domain::ids::Shard;
use domain::refusal::{Code, Refusal};

use super::Call;
use super::family::{Failure, wrong};
use crate::access::audit::note;
use crate::text;

/// The longest reason or note of a person, in characters (`domain.md` §1.7).
const REASON_LENGTH_MAX: usize = 500;

/// The role that may use force.
const ADMIN: &str = "Admin";

/// What the audit tells of a change by this caller.
pub(super) fn audit(call: &Call<'_>, event: AuditEvent, detail: &str) -> AuditNote {
    let by = call.by();
    AuditNote { by: by.name, ..note(event, None, by.address, detail) }
}

/// The organiser of this number, if the caller may act for it.
pub(super) fn owner(call: &Call<'_>, number: i32) -> Result<Shard, Failure> {
    let shard = u32::try_from(number).ok().filter(|number| *number > 0).map(Shard);
    let shard = shard
        .ok_or_else(|| Failure::invalid(vec![wrong("EventOwnerId", "Name the organiser.")]))?;
    scope(call, shard)?;
    Ok(shard)
}

/// Refuses callers who may not act for a seller.
pub(super) fn scope(call: &Call<'_>, shard: Shard) -> Result<(), Refusal> {
    if call.may_act_for(shard) {
        return Ok(());
    }
    let message = "This belongs to an organiser outside your scope.";
    Err(Refusal::new(Code::OwnerScopeDenied, message))
}

/// Force is for an Admin only.
pub(super) fn force(call: &Call<'_>, wanted: bool) -> Result<bool, Refusal> {
    if wanted && !is_admin(call) {
        return Err(Refusal::new(Code::Forbidden, "Only an Admin may do this by force."));
    }
    Ok(wanted)
}

/// Whether the caller is an Admin.
pub(super) fn is_admin(call: &Call<'_>) -> bool {
    call.principal.as_deref().is_some_and(|caller| caller.roles.iter().any(|it| it == ADMIN))
}

/// A reason as it is kept: in records, the audit and letters, so without card numbers.
pub(super) fn reason(field: &str, value: Option<&str>) -> Result<Option<String>, Failure> {
    text::kept(value, REASON_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong(field, message)]))
}

/// A number of something; a negative one is the number of none.
pub(super) fn number(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
