//! Published numbers after a restore.
//!
//! What was sold after the moment to which a database was brought back is unknown to it, but its
//! tickets are in buyers' hands: their scan codes are signatures over numbers. Were a number given
//! out again, two buyers would hold one code. So every seller gives up the numbers it has claimed
//! and not used, and the next block of each kind is far above all that can have been given out
//! since.

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NUMBER_MAX, NumberKind, Shard};
use domain::record::{Aggregate as _, Record};
use domain::seller::Seller;
use domain::time::Timestamp;

use crate::alone::{AloneError, refuse_others};
use crate::changes::{Changes, ShardChange};
use crate::cluster::Cluster;
use crate::engine::{Engine, EngineError};
use crate::error::Fault;
use crate::snapshot::{Reader, Snapshot};
use crate::store::Backend;
use crate::transfer::is_unfinished;

/// The last block of published numbers.
const BLOCK_LAST: u32 = NUMBER_MAX / NUMBER_BLOCK_SIZE;

/// Where the numbers of each kind go on.
pub type NextNumbers = Vec<(NumberKind, u32)>;

/// Why no numbers were skipped. The database is as it was, except after [`Fault::Unknown`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipError {
    /// An import into it was not finished.
    #[error("an import into this database was not finished; empty it and import again")]
    Unfinished,
    /// None would be left to sell with.
    #[error("only {left} published numbers ({kind:?}) are left; skip fewer")]
    TooMany {
        /// Of which kind.
        kind: NumberKind,
        /// How many nobody has claimed.
        left: u32,
    },
    /// Others work on the database.
    #[error(transparent)]
    NotAlone(#[from] AloneError),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<EngineError> for SkipError {
    fn from(error: EngineError) -> SkipError {
        SkipError::Fault(error.into())
    }
}

/// Skips at least `numbers` published numbers of each kind, in one commit, and answers where they
/// go on. `now` is written where the database has neither a clock nor a last moment.
///
/// # Errors
/// [`SkipError`]
pub fn skip_numbers<E: Engine>(
    backend: &mut Backend<E>,
    numbers: u32,
    now: Timestamp,
) -> Result<NextNumbers, SkipError> {
    let claims = Claims::read(&*backend.reader)?;
    let far = claims.far_blocks(numbers)?;
    let engine = backend.engines.first_mut().ok_or(Fault::Stopped)?;
    let skipped = claims.skip(engine, backend.lane_first, &far, backend.cluster.as_deref(), now);
    if skipped.is_err() {
        engine.rollback();
    }
    skipped?;
    Ok(far.into_iter().map(|(kind, block)| (kind, (block + 1) * NUMBER_BLOCK_SIZE)).collect())
}

/// What was claimed, read before anything is locked.
struct Claims {
    /// With the house, which claims what is skipped.
    shards: Vec<Shard>,
    blocks: Vec<(NumberKind, u32, Shard)>,
}

impl Claims {
    fn read(reader: &dyn Reader) -> Result<Claims, SkipError> {
        let mut claims = Err(Fault::Stopped.into());
        reader.read(&mut |view| claims = Claims::of(view))?;
        claims
    }

    fn of(view: &dyn Snapshot) -> Result<Claims, SkipError> {
        if is_unfinished(view)? {
            return Err(SkipError::Unfinished);
        }
        let mut shards = view.shards()?;
        shards.push(Shard::HOUSE);
        shards.sort_unstable();
        shards.dedup();
        Ok(Claims { shards, blocks: view.blocks()? })
    }

    /// The last block to skip of each kind. A kind that nobody has claimed yet may have been
    /// claimed since, from block 0 on.
    fn far_blocks(&self, numbers: u32) -> Result<Vec<(NumberKind, u32)>, SkipError> {
        let skipped = numbers.div_ceil(NUMBER_BLOCK_SIZE).max(1);
        let far = NumberKind::ALL.into_iter().map(|kind| {
            let claimed = self.blocks.iter().filter(|block| block.0 == kind);
            let free = claimed.map(|block| block.1 + 1).max().unwrap_or(0);
            let left = (BLOCK_LAST + 1).saturating_sub(free);
            if skipped >= left {
                return Err(SkipError::TooMany { kind, left: left * NUMBER_BLOCK_SIZE });
            }
            Ok((kind, free + skipped - 1))
        });
        far.collect()
    }

    /// The house claims the blocks and leaves them unused. Who else lives is asked behind the
    /// sellers' locks: whoever starts later waits there, and finds the new numbers.
    fn skip(
        &self,
        engine: &mut dyn Engine,
        lane: u32,
        far: &[(NumberKind, u32)],
        cluster: Option<&dyn Cluster>,
        now: Timestamp,
    ) -> Result<(), SkipError> {
        let last = engine.last_moment()?;
        let batch = engine.lane_batch(lane, &[])? + 1;
        let begun = engine.begin(&self.shards)?;
        refuse_others(cluster)?;
        let at = begun.now.or(last).unwrap_or(now);
        let shards = self.without_numbers(engine, begun.sequences)?;
        let blocks = far.iter().map(|(kind, block)| (*kind, *block, Shard::HOUSE)).collect();
        let changes = Changes { lane, batch, at, shards, blocks, ..Changes::default() };
        engine.write(&changes)?;
        Ok(engine.commit()?)
    }

    fn without_numbers(
        &self,
        engine: &mut dyn Engine,
        sequences: Vec<u64>,
    ) -> Result<Vec<ShardChange>, EngineError> {
        let keys: Vec<Key> = self.shards.iter().copied().map(Key::seller).collect();
        let sellers = engine.load(&keys)?;
        let shards = self.shards.iter().zip(sequences).zip(&sellers);
        let change = |((shard, sequence), seller): ((&Shard, u64), &Option<Record>)| ShardChange {
            shard: *shard,
            sequence: sequence + 1,
            seller: seller.as_ref().and_then(without_numbers),
        };
        Ok(shards.map(change).collect())
    }
}

fn without_numbers(record: &Record) -> Option<std::sync::Arc<Seller>> {
    let seller = Seller::from_record(record)?.as_ref().clone();
    Some(Seller { numbers: std::collections::BTreeMap::new(), ..seller }.into())
}
