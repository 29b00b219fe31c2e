//! Sales in the order of their numbers.

use std::sync::Arc;

use domain::ids::{SaleId, Shard};
use domain::record::{Aggregate as _, Kind};
use domain::sale::Sale;

use super::PAGE_ROWS_MAX;
use crate::error::Fault;
use crate::snapshot::Snapshot;

pub(crate) fn sales(
    view: &dyn Snapshot,
    shard: Shard,
    after: SaleId,
    limit: u32,
) -> Result<Vec<Arc<Sale>>, Fault> {
    let after = Sale::key_of(shard, after);
    let page = view.page(Kind::Sale, shard, Some(&after), limit.min(PAGE_ROWS_MAX))?;
    let records: Vec<_> = page.into_iter().map(|row| row.record).collect::<Result<_, _>>()?;
    Ok(records.iter().filter_map(Sale::from_record).cloned().collect())
}
