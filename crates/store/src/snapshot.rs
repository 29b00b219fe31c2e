//! What readers need of a database: one consistent view, apart from the lane.
//!
//! Every question (`queries/`) is asked through this, so that it is answered the same
//! way on every engine.

use domain::effect::Owed;
use domain::facts::Key;
use domain::ids::{EventId, NumberKind, SaleId, Shard};
use domain::ledger::{Account, Posting};
use domain::record::{Kind, Record};
use domain::time::Timestamp;

use crate::changes::{Due, Found};
use crate::error::Fault;

/// A stored aggregate as a reader meets it; reading may fail for one and work for the next.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it lies.
    pub key: Key,
    /// What lies there.
    pub record: Result<Record, Fault>,
}

/// Which work is looked for. Contracts fall due by the thousand in the same minute, so they are
/// asked for apart: sales in doubt do not wait behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkKind {
    /// Contracts.
    Contracts,
    /// Everything else.
    Others,
}

impl WorkKind {
    /// Whether work on this aggregate is looked for.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        (kind == Kind::Contract) == (self == WorkKind::Contracts)
    }
}

/// A balance as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Which account.
    pub account: Account,
    /// In which currency, by its code.
    pub currency: String,
    /// Debits minus credits in minor units; rows of zero are not kept.
    pub amount: i64,
}

/// Where a posting stands in the books of its seller; the default comes before all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostingPlace {
    /// The number of its source.
    pub number: u32,
    /// The step of the source.
    pub step: u8,
    /// What happened, by [`domain::ledger::PostingKind::code`].
    pub kind: u8,
}

impl PostingPlace {
    /// Where this one stands.
    #[must_use]
    pub fn of(posting: &Posting) -> PostingPlace {
        let (number, kind) = (posting.source.number(), posting.kind.code());
        PostingPlace { number, step: posting.step, kind }
    }
}

/// One consistent view of everything committed so far. All of these fail with
/// [`Fault::Database`] when the database does.
#[expect(clippy::missing_errors_doc, reason = "said once for all methods of the trait")]
pub trait Snapshot {
    /// Aggregates by key, in the order asked; `None` for those that do not exist. Quickest when
    /// those of a shard and kind come together.
    fn records(&self, keys: &[Key]) -> Result<Vec<Option<Record>>, Fault>;

    /// One aggregate.
    fn record(&self, key: &Key) -> Result<Option<Record>, Fault> {
        Ok(self.records(&[*key])?.pop().flatten())
    }

    /// At most `limit` aggregates of a kind in key order, after `after`.
    fn page(
        &self,
        kind: Kind,
        shard: Shard,
        after: Option<&Key>,
        limit: u32,
    ) -> Result<Vec<Row>, Fault>;

    /// At most `limit` sales of an event in the order of their numbers, after `after`.
    fn sales_of(
        &self,
        shard: Shard,
        event: EventId,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Row>, Fault>;

    /// Every shard that was ever changed, ascending.
    fn shards(&self) -> Result<Vec<Shard>, Fault>;

    /// Who claimed a block of numbers.
    fn block(&self, kind: NumberKind, block: u32) -> Result<Option<Shard>, Fault>;

    /// Every claimed block of numbers, by kind and block.
    fn blocks(&self) -> Result<Vec<(NumberKind, u32, Shard)>, Fault>;

    /// Whether the shard remembers any caller's key of that day.
    fn idempotency_day(&self, shard: Shard, day: u32) -> Result<bool, Fault>;

    /// Work whose time has come, oldest first, over all shards.
    fn due(&self, now: Timestamp, work: WorkKind, limit: u32) -> Result<Vec<Due>, Fault>;

    /// All work of one shard.
    fn due_of(&self, shard: Shard) -> Result<Vec<Due>, Fault>;

    /// What is found by a word, over all shards, in order of shard, kind and number.
    fn found(&self, word: u128, limit: u32) -> Result<Vec<Found>, Fault>;

    /// At most `limit` rows of the finder of one shard in their order, after `after`.
    fn found_of(
        &self,
        shard: Shard,
        after: Option<&Found>,
        limit: u32,
    ) -> Result<Vec<Found>, Fault>;

    /// Effects that are owed, over all shards, in order of shard and number, those behind `after`.
    fn outbox(&self, after: Option<(Shard, u32)>, limit: u32) -> Result<Vec<Owed>, Fault>;

    /// How many effects are owed.
    fn outbox_length(&self) -> Result<u64, Fault>;

    /// The postings of sales `first..=last` of a shard.
    fn postings(&self, shard: Shard, first: SaleId, last: SaleId) -> Result<Vec<Posting>, Fault>;

    /// At most `limit` postings of a shard in the order of their places, after `after`.
    fn postings_after(
        &self,
        shard: Shard,
        after: PostingPlace,
        limit: u32,
    ) -> Result<Vec<Posting>, Fault>;

    /// Every balance of a shard.
    fn balances(&self, shard: Shard) -> Result<Vec<Balance>, Fault>;

    /// What the database itself finds wrong, in sentences.
    fn integrity(&self) -> Result<Vec<String>, Fault>;
}

/// Hands out snapshots.
pub trait Reader: Send + Sync {
    /// Calls `work` with a view that nobody changes meanwhile. Keep it short: while it lasts,
    /// the database cannot clear its log.
    ///
    /// # Errors
    /// [`Fault::Database`] when no view can be had.
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<(), Fault>;

    /// Hands out no more views.
    fn close(&self);
}
