//! Facts in a map: runs commands the way the store does, one at a time.

use std::collections::HashMap;

use domain::facts::{Command, Facts, Halt, Key, Known, Missing, Overlay, Shards};
use domain::ids::{NumberKind, SaleId, Shard};
use domain::ledger::{Account, Leg, Posting};
use domain::record::{Aggregate, Record};
use domain::seller::Seller;
use domain::time::{Span, Timestamp};

use super::books::Books;
use super::{NOON, laws, seats};

/// Everything committed so far, and the time.
pub(crate) struct Till {
    pub(crate) now: Timestamp,
    pub(crate) records: HashMap<Key, Record>,
    pub(crate) postings: Vec<Posting>,
    pub(crate) owed: Vec<domain::effect::Owed>,
    books: Books,
    blocks: HashMap<NumberKind, u32>,
}

impl Known for Till {
    fn lookup(&self, key: &Key) -> Option<Option<&Record>> {
        Some(self.records.get(key))
    }
}

/// What a command may look at: the sellers that it named.
struct Scope<'t> {
    till: &'t Till,
    shards: Shards,
}

impl Known for Scope<'_> {
    fn lookup(&self, key: &Key) -> Option<Option<&Record>> {
        self.till.lookup(key).filter(|_| self.shards.contains(key.shard))
    }
}

impl Till {
    pub(crate) fn new() -> Till {
        let (records, blocks, books) = (HashMap::new(), HashMap::new(), Books::default());
        Till { now: NOON, records, postings: Vec::new(), owed: Vec::new(), books, blocks }
    }

    /// Decides a command on the sellers that it names and, unless it halts, commits what it changed
    /// and checks every law.
    pub(crate) fn run<C: Command>(&mut self, command: &C) -> Result<C::Outcome, Halt> {
        loop {
            let batch = Overlay::default();
            let scope = Scope { till: self, shards: command.shards() };
            let mut facts = Facts::new(&scope, &batch);
            match command.decide(&mut facts, self.now) {
                Err(Halt::Missing(Missing::Numbers(shard, kind))) => self.claim(shard, kind),
                Err(Halt::Missing(missing)) => panic!("outside what it named: {missing:?}"),
                Err(halt) => return Err(halt),
                Ok(outcome) => {
                    let changes = facts.into_changes();
                    self.commit(changes);
                    return Ok(outcome);
                }
            }
        }
    }

    fn commit(&mut self, changes: Overlay) {
        for (key, record) in &changes.records {
            assert_eq!(*key, record.key(), "a record lies under its own key");
            laws::check_step(self.records.get(key), record);
        }
        let sales = self.books.enter(&changes);
        self.records.extend(changes.records);
        self.postings.extend(changes.postings);
        self.owed.extend(changes.owed);
        laws::check_sums(self, &sales);
        seats::check(self);
    }

    fn claim(&mut self, shard: Shard, kind: NumberKind) {
        let mut seller = self.find::<Seller>(Key::seller(shard)).cloned().unwrap_or_default();
        let block = self.blocks.entry(kind).or_default();
        seller.claim(kind, *block);
        *block += 1;
        let record = Record::Seller(Seller { shard, ..seller }.into());
        self.records.insert(Key::seller(shard), record);
    }

    pub(crate) fn find<A: Aggregate>(&self, key: Key) -> Option<&A> {
        self.records.get(&key).and_then(A::from_record).map(AsRef::as_ref)
    }

    /// Every aggregate of a kind.
    pub(crate) fn all<A: Aggregate>(&self) -> impl Iterator<Item = &A> {
        self.records.values().filter_map(A::from_record).map(AsRef::as_ref)
    }

    /// Debits minus credits of an account.
    pub(crate) fn balance(&self, account: &Account) -> i64 {
        self.books.balance(account)
    }

    /// What was booked about a sale.
    pub(crate) fn legs(&self, sale: SaleId) -> &[Leg] {
        self.books.legs(sale)
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, span: Span) {
        self.now = self.now.after(span);
    }
}
