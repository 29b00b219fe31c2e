//! Seats of events, for pictures of them.

use std::sync::Arc;

use domain::ids::{SeatBlockId, Shard};
use domain::record::Aggregate as _;
use domain::seating::SeatBlock;

use crate::error::Fault;
use crate::snapshot::Snapshot;

pub(crate) fn seat_blocks(
    view: &dyn Snapshot,
    shard: Shard,
    ids: &[SeatBlockId],
) -> Result<Vec<Arc<SeatBlock>>, Fault> {
    let mut blocks = Vec::with_capacity(ids.len());
    for id in ids {
        let record = view.record(&SeatBlock::key_of(shard, *id))?;
        blocks.extend(record.as_ref().and_then(SeatBlock::from_record).cloned());
    }
    Ok(blocks)
}
