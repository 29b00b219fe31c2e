//! The questions readers ask, each answered through [`Snapshot`] and so the same way on every
//! engine.

mod agencies;
pub(crate) mod callers;
pub(crate) mod catalogue;
pub(crate) mod check;
mod found;
pub(crate) mod idempotency;
mod ledger;
pub(crate) mod sales;
pub(crate) mod settlement;
mod window;

use domain::facts::Key;
use domain::ids::Shard;
use domain::record::{Kind, Record};

use crate::error::Fault;
use crate::snapshot::{Row, Snapshot};

/// The most rows one page holds.
pub const PAGE_ROWS_MAX: u32 = 1_000;

/// Every aggregate of a kind in a shard.
pub(crate) fn all(view: &dyn Snapshot, kind: Kind, shard: Shard) -> Result<Vec<Record>, Fault> {
    rows(view, kind, shard)?.into_iter().map(|row| row.record).collect()
}

/// The same without those that cannot be read.
pub(crate) fn readable(
    view: &dyn Snapshot,
    kind: Kind,
    shard: Shard,
) -> Result<Vec<Record>, Fault> {
    Ok(rows(view, kind, shard)?.into_iter().filter_map(|row| row.record.ok()).collect())
}

fn rows(view: &dyn Snapshot, kind: Kind, shard: Shard) -> Result<Vec<Row>, Fault> {
    let mut rows = Vec::new();
    let mut after: Option<Key> = None;
    loop {
        let page = view.page(kind, shard, after.as_ref(), PAGE_ROWS_MAX)?;
        let Some(last) = page.last() else { return Ok(rows) };
        after = Some(last.key);
        rows.extend(page);
    }
}
