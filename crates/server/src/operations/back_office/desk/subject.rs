//! Which item a request is about, and whose it is.

use std::sync::Arc;

use domain::ids::{NumberKind, Shard};
use domain::record::Aggregate;

use super::Desk;
use crate::app::App;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};

/// The number and the revision of a known item, or `None` for a new one.
pub(in crate::operations::back_office) fn target(
    id: Option<i32>,
    revision: Option<i64>,
) -> Result<Option<u32>, Failure> {
    let Some(id) = id.filter(|id| *id != 0) else { return Ok(None) };
    if revision.is_none() {
        let message = "Send the revision that you read, so that nobody's change is lost.";
        return Err(Failure::invalid(vec![wrong("Entry.Revision", message)]));
    }
    let id = u32::try_from(id).map_err(|_| missing("Entry.Id"))?;
    Ok(Some(id))
}

/// Whose item this is, if the caller may change it: a known one's seller, or the one that a new
/// one shall have. No organiser is the house.
pub(in crate::operations::back_office) async fn seller_of(
    app: &App,
    call: &Call<'_>,
    kind: NumberKind,
    known: Option<u32>,
    owner: Option<i32>,
) -> Result<Shard, Failure> {
    let named = owner.map(|owner| u32::try_from(owner).map(Shard));
    let named = named.transpose().map_err(|_| missing("Entry.EventOwnerId"))?;
    let Some(id) = known else {
        let shard = named.unwrap_or(Shard::HOUSE);
        office::scope(call, shard)?;
        return Ok(shard);
    };
    let shard = app.store.shard_of(kind, id).await?.ok_or_else(|| missing("Entry.Id"))?;
    office::scope(call, shard)?;
    if named.is_some_and(|named| named != shard) {
        let message = "It is set once and does not change.";
        return Err(Failure::invalid(vec![wrong("Entry.EventOwnerId", message)]));
    }
    Ok(shard)
}

/// A known item of the seller, or `None` for a new one.
pub(in crate::operations::back_office) fn known_item<A: Aggregate>(
    desk: &Desk,
    known: Option<u32>,
    number_of: impl Fn(&A) -> u32,
) -> Result<Option<Arc<A>>, Failure> {
    let Some(id) = known else { return Ok(None) };
    let found = desk.own::<A>().find(|item| number_of(item) == id);
    found.cloned().map(Some).ok_or_else(|| missing("Entry.Id"))
}

/// There is no such thing.
pub(in crate::operations::back_office) fn missing(field: &str) -> Failure {
    Failure::invalid(vec![wrong(field, "There is no such item.")])
}

/// The entry of a request.
pub(in crate::operations::back_office) fn entry<T>(entry: Option<T>) -> Result<T, Failure> {
    entry.ok_or_else(|| Failure::invalid(vec![wrong("Entry", "Send what is to be saved.")]))
}

/// A slug that another item has.
pub(in crate::operations::back_office) fn taken() -> Failure {
    let message = "Another item has this short name; choose another one.";
    Failure::invalid(vec![wrong("Entry.Slug", message)])
}
