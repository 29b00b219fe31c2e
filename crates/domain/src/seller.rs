//! The shard row: what must be locked before anything of a seller may change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{NUMBER_BLOCK_SIZE, NumberKind, Shard};
use crate::time::Timestamp;

/// A run of published numbers a shard has claimed and not used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberRange {
    /// The next number to give out.
    pub next: u32,
    /// One past the last number of the block.
    pub end: u32,
}

/// One seller's own row: the catalogue revision and the numbers it may give out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Whose row it is.
    pub shard: Shard,
    /// Counts changes of the seller's catalogue; a command decided on an older one is stale.
    pub catalogue_revision: u64,
    /// Claimed numbers, by [`NumberKind::code`].
    pub numbers: BTreeMap<u8, NumberRange>,
}

impl Seller {
    /// The next free number of `kind`, or `None` when a new block must be claimed first.
    pub fn draw(&mut self, kind: NumberKind) -> Option<u32> {
        let range = self.numbers.get_mut(&kind.code()).filter(|range| range.next < range.end)?;
        range.next += 1;
        Some(range.next - 1)
    }

    /// How many numbers of `kind` may still be drawn.
    #[must_use]
    pub fn available(&self, kind: NumberKind) -> u32 {
        self.numbers.get(&kind.code()).map_or(0, |range| range.end - range.next)
    }

    /// Adds block number `block` (counted from 0) of `kind`. Number 0 itself is never given out.
    ///
    /// What was left of the previous block is given up: gaps are harmless, repeats are not.
    pub fn claim(&mut self, kind: NumberKind, block: u32) {
        let start = block * NUMBER_BLOCK_SIZE;
        let range = NumberRange { next: start.max(1), end: start + NUMBER_BLOCK_SIZE };
        self.numbers.insert(kind.code(), range);
    }
}

/// The row of `shard`, made if this is the first anybody hears of it.
///
/// # Errors
/// [`Halt::Missing`] when it is not in memory.
pub fn edit_or_create<'f>(facts: &'f mut Facts<'_>, shard: Shard) -> Result<&'f mut Seller, Halt> {
    let key = Key::seller(shard);
    if facts.look::<Seller>(key)?.is_none() {
        facts.put(Seller { shard, ..Seller::default() });
    }
    facts.edit::<Seller>(key)?.ok_or(Halt::Stale)
}

/// Draws published numbers for things that are made outside the rules, such as catalogue items.
///
/// Numbers drawn and not used leave gaps, which are harmless.
#[derive(Clone, Debug)]
pub struct DrawNumbers {
    /// Whose numbers.
    pub shard: Shard,
    /// Which kinds, in the order in which the numbers are wanted.
    pub kinds: Vec<NumberKind>,
}

impl Command for DrawNumbers {
    type Outcome = Vec<u32>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
    }

    fn decide(&self, facts: &mut Facts<'_>, _now: Timestamp) -> Result<Vec<u32>, Halt> {
        edit_or_create(facts, self.shard)?;
        self.kinds.iter().map(|kind| facts.number(self.shard, *kind)).collect()
    }
}
