//! The tables in memory, and what a commit does to them.

use std::collections::{BTreeMap, BTreeSet};

use domain::effect::Owed;
use domain::facts::Key;
use domain::ids::{NumberKind, Shard};
use domain::ledger::{Account, Posting, PostingKind};
use domain::record::Record;
use domain::time::Timestamp;

use super::Cut;
use crate::changes::{BalanceChange, Before, Changes, Due, Found};
use crate::engine::EngineError;
use crate::records::never_replaced_unseen;

/// What names a posting for good.
pub(super) type PostingKey = (Shard, u32, u8, PostingKind);

/// All tables.
#[derive(Default)]
pub(super) struct State {
    pub(super) in_transaction: bool,
    pub(super) cut: Option<Cut>,
    pub(super) lanes: BTreeMap<u32, u64>,
    pub(super) latest: Option<Timestamp>,
    pub(super) sequences: BTreeMap<Shard, u64>,
    pub(super) blocks: BTreeMap<(NumberKind, u32), Shard>,
    pub(super) records: BTreeMap<Key, Record>,
    pub(super) due: BTreeSet<Due>,
    pub(super) found: BTreeSet<Found>,
    pub(super) postings: BTreeMap<PostingKey, Posting>,
    pub(super) balances: BTreeMap<(Shard, Account, &'static str), i64>,
    pub(super) outbox: BTreeMap<(Shard, u32), Owed>,
}

pub(super) fn posting_key(posting: &Posting) -> PostingKey {
    (posting.shard, posting.source.number(), posting.step, posting.kind)
}

impl State {
    pub(super) fn sequence(&self, shard: Shard) -> u64 {
        self.sequences.get(&shard).copied().unwrap_or(0)
    }

    pub(super) fn last_block(&self, kind: NumberKind) -> Option<u32> {
        self.blocks.range((kind, 0)..=(kind, u32::MAX)).next_back().map(|((_, block), _)| *block)
    }

    pub(super) fn claim(&mut self, (kind, block, shard): (NumberKind, u32, Shard)) {
        self.blocks.insert((kind, block), shard);
    }

    /// Finds what would contradict the tables, before anything is changed.
    pub(super) fn check(&self, changes: &Changes) -> Result<(), EngineError> {
        let contradiction = |what: String| Err(EngineError::Constraint(what));
        for change in &changes.records {
            let new = change.before == Before::Absent
                || change.before == Before::Unseen && never_replaced_unseen(change.key.kind);
            if new && self.records.contains_key(&change.key) {
                return contradiction(format!("{:?} exists already", change.key));
            }
        }
        let mut posted = BTreeSet::new();
        for key in changes.postings.iter().map(posting_key) {
            if self.postings.contains_key(&key) || !posted.insert(key) {
                return contradiction(format!("posting {key:?} exists already"));
            }
        }
        for owed in &changes.owed {
            if self.outbox.contains_key(&(owed.shard, owed.id)) {
                return contradiction(format!("effect {} exists already", owed.id));
            }
        }
        changes.balances.iter().try_for_each(|change| self.new_balance(change).map(drop))
    }

    pub(super) fn apply(&mut self, changes: Changes) {
        for change in &changes.balances {
            self.add_to_balance(change);
        }
        for change in changes.shards {
            self.sequences.insert(change.shard, change.sequence);
            if let Some(seller) = change.seller {
                self.records.insert(Key::seller(change.shard), Record::Seller(seller));
            }
        }
        self.records.extend(changes.records.into_iter().map(|change| (change.key, change.after)));
        for due in &changes.due_removed {
            self.due.remove(due);
        }
        self.due.extend(changes.due_added);
        for found in &changes.found_removed {
            self.found.remove(found);
        }
        self.found.extend(changes.found_added);
        let postings = changes.postings.into_iter();
        self.postings.extend(postings.map(|posting| (posting_key(&posting), posting)));
        self.outbox.extend(changes.owed.into_iter().map(|owed| ((owed.shard, owed.id), owed)));
        changes.outbox_done.iter().for_each(|address| drop(self.outbox.remove(address)));
        changes.blocks.into_iter().for_each(|block| self.claim(block));
        self.latest = self.latest.max(Some(changes.at));
        self.lanes.insert(changes.lane, changes.batch);
    }

    fn new_balance(&self, change: &BalanceChange) -> Result<i64, EngineError> {
        let key = (change.shard, change.account.clone(), change.currency.code());
        let balance = self.balances.get(&key).copied().unwrap_or(0);
        let problem = || format!("the balance of {} is too large", change.account);
        balance.checked_add(change.amount).ok_or_else(|| EngineError::Constraint(problem()))
    }

    fn add_to_balance(&mut self, change: &BalanceChange) {
        let key = (change.shard, change.account.clone(), change.currency.code());
        match self.new_balance(change) {
            Ok(0) => drop(self.balances.remove(&key)),
            Ok(balance) => drop(self.balances.insert(key, balance)),
            Err(_) => {}
        }
    }
}
