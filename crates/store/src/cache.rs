//! What a lane keeps in memory: aggregates as committed, each whole or not at all.
//!
//! A shard's part is good as long as the shard row's sequence is the one this lane last saw
//! under its lock. Forgetting a shard costs nothing: every entry carries the *generation* its
//! shard had when it came in, and a forgotten shard gets a new one.
//!
//! Eviction is by two maps: what was not asked for during a whole filling of the younger map
//! goes with the older one. Shard rows and quotas, which every order needs, never go.

use domain::facts::{Key, Known};
use domain::ids::Shard;
use domain::record::{Kind, Record};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::changes::Changes;

/// Every order of a seller needs these.
fn stays_forever(kind: Kind) -> bool {
    matches!(kind, Kind::Seller | Kind::Quota)
}

/// Nobody is likely to ask for these again.
fn leaves_early(record: &Record) -> bool {
    match record {
        Record::Sale(sale) => sale.due().is_none(),
        Record::Reservation(reservation) => reservation.is_over(),
        Record::Idempotency(_) | Record::AuditRecord(_) => true,
        _ => false,
    }
}

pub(crate) struct Entry {
    generation: u64,
    pub(crate) record: Record,
}

pub(crate) struct ShardState {
    pub(crate) sequence: u64,
    generation: u64,
}

/// The memory of one lane.
pub(crate) struct Cache {
    pub(crate) shards: FxHashMap<Shard, ShardState>,
    generation: u64,
    forever: FxHashMap<Key, Entry>,
    young: FxHashMap<Key, Entry>,
    pub(crate) old: FxHashMap<Key, Entry>,
    /// Known during this batch to be absent.
    absent: FxHashSet<Key>,
    /// Locked in this batch without there being such a seller. Handles that somebody made up
    /// name sellers that do not exist, and must not fill the memory.
    made_up: Vec<Shard>,
    half_max: usize,
}

impl Known for Cache {
    fn lookup(&self, key: &Key) -> Option<Option<&Record>> {
        if let Some(entry) = self.entry(key) {
            return Some(Some(&entry.record));
        }
        self.absent.contains(key).then_some(None)
    }
}

impl Cache {
    pub(crate) fn new(entries_max: usize) -> Cache {
        Cache {
            shards: FxHashMap::default(),
            generation: 0,
            forever: FxHashMap::default(),
            young: FxHashMap::default(),
            old: FxHashMap::default(),
            absent: FxHashSet::default(),
            made_up: Vec::new(),
            half_max: (entries_max / 2).max(1),
        }
    }

    pub(crate) fn forget_everything(&mut self) {
        *self = Cache::new(self.half_max * 2);
    }

    /// How many aggregates are in memory, some of them perhaps forgotten.
    pub(crate) fn len(&self) -> usize {
        self.forever.len() + self.young.len() + self.old.len()
    }

    /// Begins a batch: takes the sequences read under the lock, and forgets each shard that
    /// somebody else has changed.
    pub(crate) fn begin(&mut self, sequences: &[(Shard, u64)]) {
        self.absent.clear();
        let new = sequences.iter().filter(|(_, sequence)| *sequence == 0);
        self.made_up.extend(new.map(|(shard, _)| *shard));
        for &(shard, sequence) in sequences {
            if self.shards.get(&shard).is_none_or(|state| state.sequence != sequence) {
                self.generation += 1;
                let state = ShardState { sequence, generation: self.generation };
                self.shards.insert(shard, state);
            }
        }
    }

    /// Whether the key need not be loaded; marks it as asked for.
    pub(crate) fn touch(&mut self, key: &Key) -> bool {
        #[cfg(feature = "planted-bugs")]
        self.lose_member(key);
        if let Some(entry) = self.old.remove(key) {
            self.young.insert(*key, entry);
        }
        self.lookup(key).is_some()
    }

    /// Takes in what was loaded under the lock.
    pub(crate) fn learn(&mut self, key: Key, record: Option<Record>) {
        match record {
            Some(record) => self.insert(key, record),
            None => drop(self.absent.insert(key)),
        }
    }

    /// Takes in what a batch has committed.
    pub(crate) fn keep(&mut self, changes: Changes) {
        for change in changes.shards {
            if let Some(state) = self.shards.get_mut(&change.shard) {
                state.sequence = change.sequence;
            }
            if let Some(seller) = change.seller {
                self.insert(Key::seller(change.shard), Record::Seller(seller));
            }
        }
        for change in changes.records {
            if leaves_early(&change.after) {
                self.young.remove(&change.key);
                self.old.remove(&change.key);
            } else {
                self.insert(change.key, change.after);
            }
        }
    }

    /// Ends a batch: makes room. Never earlier, so that a batch loses nothing it has loaded.
    pub(crate) fn end(&mut self) {
        self.absent.clear();
        for shard in self.made_up.drain(..) {
            if self.shards.get(&shard).is_some_and(|state| state.sequence == 0) {
                self.shards.remove(&shard);
            }
        }
        if self.young.len() > self.half_max {
            self.old = std::mem::take(&mut self.young);
        }
    }

    fn entry(&self, key: &Key) -> Option<&Entry> {
        let map = if stays_forever(key.kind) { &self.forever } else { &self.young };
        let entry = map.get(key).or_else(|| self.old.get(key))?;
        let shard = self.shards.get(&key.shard)?;
        (shard.generation == entry.generation).then_some(entry)
    }

    fn insert(&mut self, key: Key, record: Record) {
        let Some(shard) = self.shards.get(&key.shard) else { return };
        let entry = Entry { generation: shard.generation, record };
        if stays_forever(key.kind) {
            self.forever.insert(key, entry);
        } else {
            self.old.remove(&key);
            self.young.insert(key, entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::catalogue::Venue;
    use domain::ids::VenueId;

    use super::*;
    use crate::changes::ShardChange;

    const SHARD: Shard = Shard(7);

    fn venue(number: u32) -> (Key, Option<Record>) {
        let venue = Venue {
            id: VenueId(number),
            slug: String::new(),
            name: String::new(),
            latitude: None,
            longitude: None,
            seating_image_url: None,
        };
        (Key::number(SHARD, Kind::Venue, number), Some(Record::Venue(Arc::new(venue))))
    }

    fn batch(cache: &mut Cache, sequence: u64, numbers: std::ops::Range<u32>) {
        cache.begin(&[(SHARD, sequence)]);
        for (key, record) in numbers.map(venue) {
            if !cache.touch(&key) {
                cache.learn(key, record);
            }
        }
    }

    /// A batch keeps all it has loaded until its end, however little room there is; what is
    /// asked for again and again stays, what is not goes.
    #[test]
    fn cold_entries_go_and_warm_ones_stay() {
        let mut cache = Cache::new(20);
        for first in (0..200).step_by(10) {
            batch(&mut cache, 1, 0..5);
            batch(&mut cache, 1, first..first + 10);
            assert!((first..first + 10).all(|number| cache.lookup(&venue(number).0).is_some()));
            cache.end();
            assert!(cache.len() <= 45, "{}", cache.len());
        }
        assert!((0..5).all(|number| cache.lookup(&venue(number).0).is_some()));
        assert!(cache.lookup(&venue(50).0).is_none());
    }

    /// A shard that somebody else has changed is forgotten; one that this lane changed is not.
    #[test]
    fn a_foreign_sequence_forgets() {
        let mut cache = Cache::new(20);
        batch(&mut cache, 1, 0..3);
        let shards = vec![ShardChange { shard: SHARD, sequence: 2, seller: None }];
        cache.keep(Changes { shards, ..Changes::default() });
        cache.end();
        cache.begin(&[(SHARD, 2)]);
        assert!(cache.touch(&venue(1).0));
        cache.begin(&[(SHARD, 4)]);
        assert!(!cache.touch(&venue(1).0));
    }

    /// Absence is known during its batch only, and a made-up seller leaves nothing behind.
    #[test]
    fn absence_ends_with_the_batch() {
        let mut cache = Cache::new(20);
        cache.begin(&[(SHARD, 0)]);
        let key = venue(1).0;
        cache.learn(key, None);
        assert_eq!(cache.lookup(&key), Some(None));
        cache.end();
        assert_eq!(cache.lookup(&key), None);
        assert!(cache.shards.is_empty());
    }
}
