//! The questions readers ask, each answered through [`Snapshot`] and so the same way on every
//! engine.

pub(crate) mod catalogue;
pub(crate) mod check;
pub(crate) mod idempotency;
pub(crate) mod sales;

use domain::facts::Key;
use domain::ids::Shard;
use domain::record::{Kind, Record};

use crate::error::Fault;
use crate::snapshot::Snapshot;

/// The most rows one page holds.
pub const PAGE_ROWS_MAX: u32 = 1_000;

/// Every aggregate of a kind in a shard, page by page.
pub(crate) fn all(view: &dyn Snapshot, kind: Kind, shard: Shard) -> Result<Vec<Record>, Fault> {
    let mut records = Vec::new();
    let mut after: Option<Key> = None;
    loop {
        let page = view.page(kind, shard, after.as_ref(), PAGE_ROWS_MAX)?;
        let Some(last) = page.last() else { return Ok(records) };
        after = Some(last.key);
        for row in page {
            records.push(row.record?);
        }
    }
}
