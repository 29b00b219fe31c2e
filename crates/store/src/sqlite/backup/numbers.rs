//! Published numbers after a restore.
//!
//! What was sold after the backup is unknown to it, but its tickets are in buyers' hands: their
//! scan codes are signatures over numbers. Were a number given out again, two buyers would hold
//! one code. So every seller gives up the numbers it has claimed and not used, and the next block
//! of each kind is far above all that can have been given out since.

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NUMBER_MAX, NumberKind, Shard};
use domain::record::{Aggregate as _, Record};
use domain::seller::Seller;
use domain::time::Timestamp;

use crate::changes::{Changes, ShardChange};
use crate::engine::{Engine, EngineError};
use crate::snapshot::Snapshot;

/// What is needed to skip numbers, read before anything is locked.
pub(super) struct Claims {
    shards: Vec<Shard>,
    blocks: Vec<(NumberKind, u32, Shard)>,
}

impl Claims {
    pub(super) fn read(view: &dyn Snapshot) -> Result<Claims, crate::error::Fault> {
        Ok(Claims { shards: view.shards()?, blocks: view.blocks()? })
    }

    /// Skips at least `numbers` of each kind that was ever claimed.
    pub(super) fn skip(
        self,
        engine: &mut dyn Engine,
        numbers: u32,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let at = engine.last_moment()?.unwrap_or(now);
        let batch = engine.lane_batch(LANE, &[])? + 1;
        let sequences = engine.begin(&self.shards)?.sequences;
        let keys: Vec<Key> = self.shards.iter().copied().map(Key::seller).collect();
        let sellers = engine.load(&keys)?;
        let shards = self.shards.iter().zip(sequences).zip(&sellers);
        let shards = shards.map(|((shard, sequence), seller)| ShardChange {
            shard: *shard,
            sequence: sequence + 1,
            seller: seller.as_ref().and_then(without_numbers),
        });
        let (shards, blocks) = (shards.collect(), self.far_blocks(numbers));
        let changes = Changes { lane: LANE, batch, at, shards, blocks, ..Changes::default() };
        engine.write(&changes)?;
        engine.commit()
    }

    /// A block of each kind for the house, which leaves it unused; the next claim comes after.
    fn far_blocks(&self, numbers: u32) -> Vec<(NumberKind, u32, Shard)> {
        let skipped = numbers.div_ceil(NUMBER_BLOCK_SIZE).max(1);
        let kinds = NumberKind::ALL.into_iter();
        let far = kinds.filter_map(|kind| {
            let claimed = self.blocks.iter().filter(|block| block.0 == kind);
            let last = claimed.map(|block| block.1).max()?;
            let far = last.saturating_add(skipped).min(NUMBER_MAX / NUMBER_BLOCK_SIZE);
            (far > last).then_some((kind, far, Shard::HOUSE))
        });
        far.collect()
    }
}

/// The only lane of a database in one file.
const LANE: u32 = 1;

fn without_numbers(record: &Record) -> Option<std::sync::Arc<Seller>> {
    let seller = Seller::from_record(record)?.as_ref().clone();
    Some(Seller { numbers: std::collections::BTreeMap::new(), ..seller }.into())
}
