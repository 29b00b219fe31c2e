//! Everything one batch writes, in one value, ready for any engine.

use std::collections::BTreeMap;

use domain::effect::Owed;
use domain::facts::{Key, Known, Overlay};
use domain::ids::{NumberKind, Shard};
use domain::ledger::{Account, Posting};
use domain::money::Currency;
use domain::record::{Kind, Record};
use domain::seller::Seller;
use domain::time::Timestamp;

use crate::engine::EngineError;
use crate::job::Step;

/// What is known of a row that is about to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// It is there.
    Present,
    /// It is not there; finding one all the same contradicts the lock.
    Absent,
    /// Nobody looked.
    Unseen,
}

/// One aggregate to write.
#[derive(Clone, Debug)]
pub struct RecordChange {
    /// Where it lives.
    pub key: Key,
    /// What was there.
    pub before: Before,
    /// What shall be there.
    pub after: Record,
}

/// One row of the work table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// Whose work.
    pub shard: Shard,
    /// When.
    pub at: Timestamp,
    /// What kind of aggregate.
    pub kind: Kind,
    /// Which.
    pub number: u32,
}

/// One row of the finder: a word, and what is found by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found {
    /// Whose it is.
    pub shard: Shard,
    /// The word, by [`domain::record::word`].
    pub word: u128,
    /// What kind of aggregate.
    pub kind: Kind,
    /// Which.
    pub number: u32,
}

impl Found {
    /// Where that aggregate lies.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::number(self.shard, self.kind, self.number)
    }
}

/// What is added to one account's balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceChange {
    /// Whose books.
    pub shard: Shard,
    /// Which account.
    pub account: Account,
    /// In which currency.
    pub currency: Currency,
    /// Debit positive, in minor units.
    pub amount: i64,
}

/// A shard row to write.
#[derive(Clone, Debug)]
pub struct ShardChange {
    /// Which.
    pub shard: Shard,
    /// How often it will have been changed.
    pub sequence: u64,
    /// The seller, if that changed too.
    pub seller: Option<std::sync::Arc<Seller>>,
}

/// Everything one batch writes.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Which lane writes.
    pub lane: u32,
    /// The lane's number for this try; greater than every earlier one.
    pub batch: u64,
    /// When it was decided.
    pub at: Timestamp,
    /// Blocks of numbers that came from another database; a running seller claims its own.
    pub blocks: Vec<(NumberKind, u32, Shard)>,
    /// Shard rows, ascending.
    pub shards: Vec<ShardChange>,
    /// Aggregates but sellers, by kind and key, so that an engine prepares each statement once
    /// and walks each table in one direction.
    pub records: Vec<RecordChange>,
    /// Work that is done or has moved.
    pub due_removed: Vec<Due>,
    /// Work to come.
    pub due_added: Vec<Due>,
    /// Words that lead nowhere any more.
    pub found_removed: Vec<Found>,
    /// Words that lead somewhere from now on.
    pub found_added: Vec<Found>,
    /// Entries for the books.
    pub postings: Vec<Posting>,
    /// What they add up to, one row an account.
    pub balances: Vec<BalanceChange>,
    /// Effects to owe.
    pub owed: Vec<Owed>,
    /// Effects that were done.
    pub outbox_done: Vec<(Shard, u32)>,
}

/// The row of the work table that a record asks for.
#[must_use]
pub fn due_of(record: &Record) -> Option<Due> {
    let Key { shard, kind, number, .. } = record.key();
    record.due().map(|at| Due { shard, at, kind, number })
}

/// The rows of the finder that a record asks for.
#[must_use]
pub fn found_of(record: &Record) -> Vec<Found> {
    let Key { shard, kind, number, .. } = record.key();
    let mut words = record.words();
    words.sort_unstable();
    words.dedup();
    words.into_iter().map(|word| Found { shard, word, kind, number }).collect()
}

impl Changes {
    /// Derives every row from what the batch decided. `sequences` are those of the locked
    /// shards; `known` is what was committed before.
    ///
    /// # Errors
    /// [`EngineError::Constraint`] when the books would leave the range of 64 bits.
    pub fn derive(
        step: Step,
        sequences: &[(Shard, u64)],
        known: &dyn Known,
    ) -> Result<Changes, EngineError> {
        let Step { overlay: Overlay { records, postings, owed }, outbox_done, .. } = step;
        let mut changes = Changes { outbox_done, ..Changes::default() };
        let mut sellers = BTreeMap::new();
        for (key, after) in records {
            match after {
                Record::Seller(seller) => drop(sellers.insert(key.shard, seller)),
                after => changes.add_record(key, after, known),
            }
        }
        changes.records.sort_unstable_by_key(|change| (change.key.kind, change.key));
        changes.due_removed.sort_unstable();
        changes.due_added.sort_unstable();
        changes.found_removed.sort_unstable();
        changes.found_added.sort_unstable();
        changes.balances = sum_legs(&postings)?;
        changes.postings = postings;
        changes.owed = owed;
        changes.add_shards(sequences, sellers);
        Ok(changes)
    }

    fn add_record(&mut self, key: Key, after: Record, known: &dyn Known) {
        let committed = known.lookup(&key);
        let was_due = committed.flatten().and_then(due_of);
        let is_due = due_of(&after);
        if was_due != is_due {
            self.due_removed.extend(was_due);
            self.due_added.extend(is_due);
        }
        self.add_words(committed.flatten(), &after);
        let before = match committed {
            Some(Some(_)) => Before::Present,
            Some(None) => Before::Absent,
            None => Before::Unseen,
        };
        self.records.push(RecordChange { key, before, after });
    }

    fn add_words(&mut self, before: Option<&Record>, after: &Record) {
        let old = before.map(found_of).unwrap_or_default();
        let new = found_of(after);
        self.found_removed.extend(old.iter().filter(|row| !new.contains(row)));
        self.found_added.extend(new.iter().filter(|row| !old.contains(row)));
    }

    /// A shard counts as changed when anything in it was written. Deleting from its outbox does
    /// not count: no rule ever sees the outbox.
    fn add_shards(
        &mut self,
        sequences: &[(Shard, u64)],
        mut sellers: BTreeMap<Shard, std::sync::Arc<Seller>>,
    ) {
        let written: std::collections::BTreeSet<Shard> = self
            .records
            .iter()
            .map(|change| change.key.shard)
            .chain(self.postings.iter().map(|posting| posting.shard))
            .chain(self.owed.iter().map(|owed| owed.shard))
            .chain(sellers.keys().copied())
            .collect();
        let locked = sequences.iter().filter(|(shard, _)| written.contains(shard));
        self.shards = locked
            .map(|&(shard, sequence)| ShardChange {
                shard,
                sequence: sequence + 1,
                seller: sellers.remove(&shard),
            })
            .collect();
    }
}

pub(crate) fn sum_legs(postings: &[Posting]) -> Result<Vec<BalanceChange>, EngineError> {
    let mut sums: BTreeMap<(Shard, &Account, &str), BalanceChange> = BTreeMap::new();
    for posting in postings {
        let (shard, currency) = (posting.shard, posting.currency);
        for leg in &posting.legs {
            let sum = sums.entry((shard, &leg.account, currency.code())).or_insert_with(|| {
                BalanceChange { shard, account: leg.account.clone(), currency, amount: 0 }
            });
            sum.amount = sum.amount.checked_add(leg.amount).ok_or_else(|| {
                EngineError::Constraint(format!("the sum of {} is too large", leg.account))
            })?;
        }
    }
    Ok(sums.into_values().filter(|sum| sum.amount != 0).collect())
}
