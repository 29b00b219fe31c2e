//! What a rule may look at and change: facts by key, in an overlay of its own.
//!
//! A command looks at facts, changes them, adds new ones, and returns an outcome or refuses. It
//! loads nothing. Absence is a fact too; what is simply not in memory yet makes every look
//! answer [`Halt::Missing`], whereupon the store loads it and runs the whole batch again. The
//! law: *a batch = its commands one by one on an empty cache*.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::effect::{Effect, Owed};
use crate::ids::{NumberKind, Shard};
use crate::ledger::Posting;
use crate::record::{Aggregate, Kind, Record};
use crate::refusal::Refusal;
use crate::seller::Seller;
use crate::time::Timestamp;

/// The largest number of aggregates one command may change.
pub const COMMAND_RECORDS_MAX: usize = 500;

/// Where an aggregate lives: shard, kind and number (or day and hash).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose it is.
    pub shard: Shard,
    /// Which table.
    pub kind: Kind,
    /// The number; for hashed keys the day.
    pub number: u32,
    /// The hash; 0 for numbered keys.
    pub hash: u128,
}

impl Key {
    /// The key of a numbered aggregate.
    #[must_use]
    pub fn number(shard: Shard, kind: Kind, number: u32) -> Key {
        Key { shard, kind, number, hash: 0 }
    }

    /// The key of an aggregate that is found by a hash within a day.
    #[must_use]
    pub fn hashed(shard: Shard, kind: Kind, day: u32, hash: u128) -> Key {
        Key { shard, kind, number: day, hash }
    }

    /// The key of a shard row.
    #[must_use]
    pub fn seller(shard: Shard) -> Key {
        Key::number(shard, Kind::Seller, 0)
    }
}

/// The shards a command touches: one seller, two for a move between sellers, or two sellers and
/// the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shards {
    /// The usual case.
    One(Shard),
    /// A move between two sellers, or a seller and the house.
    Two(Shard, Shard),
    /// A signed order that is paid with another seller's season card.
    Three(Shard, Shard, Shard),
}

impl Shards {
    /// The shards in ascending order, without repeats.
    #[must_use]
    pub fn ascending(self) -> Vec<Shard> {
        match self {
            Shards::One(shard) => vec![shard],
            Shards::Two(a, b) if a == b => vec![a],
            Shards::Two(a, b) => vec![a.min(b), a.max(b)],
            Shards::Three(a, b, c) => {
                let mut shards = vec![a, b, c];
                shards.sort_unstable();
                shards.dedup();
                shards
            }
        }
    }

    /// Whether `shard` is one of them.
    #[must_use]
    pub fn contains(self, shard: Shard) -> bool {
        match self {
            Shards::One(only) => only == shard,
            Shards::Two(a, b) => a == shard || b == shard,
            Shards::Three(a, b, c) => [a, b, c].contains(&shard),
        }
    }
}

/// One unit of work: decided whole, written whole, or not at all.
pub trait Command: Send + 'static {
    /// What the caller gets when it was decided and is durable.
    type Outcome: Send + 'static;

    /// Whose rows must be locked.
    fn shards(&self) -> Shards;

    /// Adds the keys it can foresee, so that they are loaded for the whole batch at once.
    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>);

    /// The rule. May be called several times for one submission and must not care.
    ///
    /// # Errors
    /// [`Halt`]: refused, or it looked at something that is not in memory yet.
    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt>;
}

/// Why a decision stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The business says no; nothing was changed.
    Refused(Refusal),
    /// Something looked at is not in memory; load it and decide again.
    Missing(Missing),
    /// Decided on an older catalogue than the seller has; read it again and submit again.
    Stale,
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Halt {
        Halt::Refused(refusal)
    }
}

/// What must be loaded or claimed before a decision can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// An aggregate, or the knowledge that there is none.
    Record(Key),
    /// A block of published numbers.
    Numbers(Shard, NumberKind),
}

/// What the store has in memory.
pub trait Known {
    /// `None`: not in memory. `Some(None)`: known to be absent. `Some(Some(_))`: as committed.
    fn lookup(&self, key: &Key) -> Option<Option<&Record>>;
}

/// Changes on top of what is committed: of one command, or of a batch so far.
#[derive(Debug, Default)]
pub struct Overlay {
    /// Changed and new aggregates.
    pub records: FxHashMap<Key, Record>,
    /// Entries for the books.
    pub postings: Vec<Posting>,
    /// What is owed after the commit.
    pub owed: Vec<Owed>,
}

impl Overlay {
    /// Puts the changes of a later overlay on top of these.
    pub fn absorb(&mut self, later: Overlay) {
        self.records.extend(later.records);
        self.postings.extend(later.postings);
        self.owed.extend(later.owed);
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty() && self.postings.is_empty() && self.owed.is_empty()
    }
}

/// The facts as one command sees them: its own changes, above its batch's, above what is known.
pub struct Facts<'a> {
    known: &'a dyn Known,
    batch: &'a Overlay,
    own: Overlay,
}

impl<'a> Facts<'a> {
    /// Facts for one command.
    #[must_use]
    pub fn new(known: &'a dyn Known, batch: &'a Overlay) -> Facts<'a> {
        Facts { known, batch, own: Overlay::default() }
    }

    /// What the command changed; dropped when it was refused.
    #[must_use]
    pub fn into_changes(self) -> Overlay {
        self.own
    }

    /// Looks at an aggregate; `None` when there is none.
    ///
    /// # Errors
    /// [`Halt::Missing`] when it is not in memory.
    pub fn look<A: Aggregate>(&self, key: Key) -> Result<Option<&A>, Halt> {
        let record = self.record(&key)?;
        Ok(record.and_then(A::from_record).map(Arc::as_ref))
    }

    /// Looks at an aggregate and keeps it, as it is now.
    ///
    /// # Errors
    /// [`Halt::Missing`] when it is not in memory.
    pub fn share<A: Aggregate>(&self, key: Key) -> Result<Option<Arc<A>>, Halt> {
        let record = self.record(&key)?;
        Ok(record.and_then(A::from_record).cloned())
    }

    /// Takes an aggregate to change it; `None` when there is none.
    ///
    /// # Errors
    /// [`Halt::Missing`] when it is not in memory.
    pub fn edit<A: Aggregate>(&mut self, key: Key) -> Result<Option<&mut A>, Halt> {
        if !self.own.records.contains_key(&key) {
            let Some(record) = self.record(&key)?.cloned() else { return Ok(None) };
            self.own.records.insert(key, record);
        }
        assert!(self.own.records.len() <= COMMAND_RECORDS_MAX, "a command changes too much");
        let record = self.own.records.get_mut(&key).and_then(A::from_record_mut);
        Ok(record.map(Arc::make_mut))
    }

    /// Adds a new aggregate, or replaces the one under the same key; returns it as it is now.
    pub fn put<A: Aggregate>(&mut self, aggregate: A) -> Arc<A> {
        let aggregate = Arc::new(aggregate);
        self.own.records.insert(aggregate.key(), A::into_record(Arc::clone(&aggregate)));
        assert!(self.own.records.len() <= COMMAND_RECORDS_MAX, "a command changes too much");
        aggregate
    }

    /// Draws the next published number of `kind` for `shard`.
    ///
    /// # Errors
    /// [`Halt::Missing`] when a new block must be claimed first.
    pub fn number(&mut self, shard: Shard, kind: NumberKind) -> Result<u32, Halt> {
        let missing = Halt::Missing(Missing::Numbers(shard, kind));
        let seller = self.edit::<Seller>(Key::seller(shard))?;
        seller.and_then(|seller| seller.draw(kind)).ok_or(missing)
    }

    /// Books a posting.
    pub fn post(&mut self, posting: Posting) {
        assert_eq!(posting.sum(), 0, "a posting must sum to zero: {posting:?}");
        if !posting.legs.is_empty() {
            self.own.postings.push(posting);
        }
    }

    /// Owes an effect after the commit.
    ///
    /// # Errors
    /// [`Halt::Missing`] when a new block of outbox numbers must be claimed first.
    pub fn owe(&mut self, shard: Shard, effect: Effect) -> Result<(), Halt> {
        let id = self.number(shard, NumberKind::Effect)?;
        self.own.owed.push(Owed { shard, id, effect });
        Ok(())
    }

    fn record(&self, key: &Key) -> Result<Option<&Record>, Halt> {
        if let Some(record) = self.own.records.get(key).or_else(|| self.batch.records.get(key)) {
            return Ok(Some(record));
        }
        self.known.lookup(key).ok_or(Halt::Missing(Missing::Record(*key)))
    }
}
