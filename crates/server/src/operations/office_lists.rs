//! Lists of the office over one organiser, or over all that its caller may act for.

use domain::ids::Shard;
use store::PAGE_ROWS_MAX;

use super::family::{Failure, wrong};
use super::{Call, office};
use crate::app::App;

/// Whose rows are asked for, and where the page before ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The organiser; 0 for all in the caller's scope.
    pub(super) owner: i32,
    /// Where all are asked for, the organiser of the last row of the page before.
    pub(super) after_owner: i32,
    /// The number of that row; 0 for the first page.
    pub(super) after: i32,
}

/// The organisers whose rows the page may hold, in their order, each with the number of the row
/// to go on after.
///
/// # Errors
/// `OwnerScopeDenied` for an organiser outside the caller's scope; a failure that names the member
/// for a number below 0.
pub(super) async fn places(
    app: &App,
    call: &Call<'_>,
    wanted: Wanted,
) -> Result<Vec<(Shard, u32)>, Failure> {
    let after = number("AfterId", wanted.after)?;
    if wanted.owner != 0 {
        return Ok(vec![(office::owner(call, wanted.owner)?, after)]);
    }
    let last = Shard(number("AfterOwnerId", wanted.after_owner)?);
    let mut sellers = app.store.sellers().await?;
    sellers.retain(|seller| *seller >= last && call.may_act_for(*seller));
    let place = |seller| (seller, if seller == last { after } else { 0 });
    Ok(sellers.into_iter().map(place).collect())
}

/// How many rows still fit on a page of so many; `None` when it is full.
pub(super) fn left(count: usize) -> Option<u32> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    PAGE_ROWS_MAX.checked_sub(count).filter(|left| *left > 0)
}

fn number(field: &str, value: i32) -> Result<u32, Failure> {
    let refused = |_| Failure::invalid(vec![wrong(field, "It may not be negative.")]);
    u32::try_from(value).map_err(refused)
}
