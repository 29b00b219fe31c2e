//! What a command sees: its own changes, above its batch's, above what is known.

use domain::facts::{Facts, Halt, Key, Known, Missing, Overlay, Shards};
use domain::ids::{NumberKind, QuotaId, Shard};
use domain::quota::Quota;
use domain::record::{Kind, Record};
use domain::seller::Seller;

use crate::common::{SHARD, Till};

/// Nothing is in memory.
struct Nothing;

impl Known for Nothing {
    fn lookup(&self, _key: &Key) -> Option<Option<&Record>> {
        None
    }
}

fn key(number: u32) -> Key {
    Key::number(SHARD, Kind::Quota, number)
}

fn quota(number: u32, sold: u32) -> Quota {
    Quota { sold, ..Quota::new(SHARD, QuotaId(number), "ground", None) }
}

fn batch_with(quota: Quota) -> Overlay {
    let (till, empty) = (Till::new(), Overlay::default());
    let mut facts = Facts::new(&till, &empty);
    facts.put(quota);
    facts.into_changes()
}

/// What is not in memory is missing; what is known to be absent is not.
#[test]
fn absence_is_a_fact() {
    let batch = Overlay::default();
    let mut facts = Facts::new(&Nothing, &batch);
    let missing = Some(Halt::Missing(Missing::Record(key(1))));
    assert_eq!(facts.look::<Quota>(key(1)).err(), missing);
    assert_eq!(facts.edit::<Quota>(key(1)).err(), missing);
    let till = Till::new();
    assert_eq!(Facts::new(&till, &batch).look::<Quota>(key(1)), Ok(None));
}

/// The nearest layer is seen, and a change stays in the command's own layer until it is absorbed.
#[test]
fn layers_cover_each_other() {
    let till = Till::new();
    let mut batch = batch_with(quota(1, 5));
    let mut facts = Facts::new(&till, &batch);
    facts.edit::<Quota>(key(1)).unwrap().unwrap().sold += 1;
    facts.put(quota(2, 9));
    assert_eq!(facts.look::<Quota>(key(1)).unwrap().unwrap().sold, 6);
    let own = facts.into_changes();
    let sold = |batch: &Overlay, number| {
        let facts = Facts::new(&till, batch);
        facts.look::<Quota>(key(number)).unwrap().map(|quota| quota.sold)
    };
    assert_eq!((sold(&batch, 1), sold(&batch, 2)), (Some(5), None));
    batch.absorb(own);
    assert_eq!((sold(&batch, 1), sold(&batch, 2)), (Some(6), Some(9)));
}

/// Looking changes nothing.
#[test]
fn looking_leaves_no_trace() {
    let (till, batch) = (Till::new(), batch_with(quota(1, 5)));
    let facts = Facts::new(&till, &batch);
    facts.look::<Quota>(key(1)).unwrap();
    facts.share::<Quota>(key(1)).unwrap();
    assert!(facts.into_changes().is_empty());
}

/// An aggregate under the key of another kind is not seen as that kind.
#[test]
fn kinds_are_kept_apart() {
    let (till, batch) = (Till::new(), batch_with(quota(1, 5)));
    assert_eq!(Facts::new(&till, &batch).look::<Seller>(key(1)), Ok(None));
}

/// Without a block of numbers the command halts; with one, numbers follow each other.
#[test]
fn numbers_come_from_blocks() {
    let (till, batch) = (Till::new(), Overlay::default());
    let mut facts = Facts::new(&till, &batch);
    let missing = Err(Halt::Missing(Missing::Numbers(SHARD, NumberKind::Sale)));
    assert_eq!(facts.number(SHARD, NumberKind::Sale), missing);
    let mut seller = Seller { shard: SHARD, ..Seller::default() };
    seller.claim(NumberKind::Sale, 2);
    facts.put(seller);
    let drawn = [0; 3].map(|_| facts.number(SHARD, NumberKind::Sale));
    assert_eq!(drawn, [Ok(2_048), Ok(2_049), Ok(2_050)]);
    let other = Err(Halt::Missing(Missing::Numbers(SHARD, NumberKind::Line)));
    assert_eq!(facts.number(SHARD, NumberKind::Line), other);
}

/// Shards are locked in ascending order, each once.
#[test]
fn shards_ascend() {
    let check = |shards: Shards, expected: &[u32]| {
        let ascending: Vec<u32> = shards.ascending().iter().map(|shard| shard.0).collect();
        assert_eq!(ascending, expected);
    };
    check(Shards::One(Shard(7)), &[7]);
    check(Shards::Two(Shard(7), Shard(0)), &[0, 7]);
    check(Shards::Two(Shard(7), Shard(7)), &[7]);
}
