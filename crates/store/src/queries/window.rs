//! Lists that a ticket window shows: cards, passes, transfers, what organisers are owed, what
//! persons must do.

use std::sync::Arc;

use domain::books::{EventBook, OwnerBook};
use domain::facts::Key;
use domain::ids::{EventId, JobId, PayoutId, SaleId, SeatBlockId, Shard, TaskId, TransferId};
use domain::job::Job;
use domain::payout::Payout;
use domain::record::{Aggregate, Record};
use domain::sale::Sale;
use domain::seating::SeatBlock;
use domain::task::Task;
use domain::transfer::Transfer;

use super::PAGE_ROWS_MAX;
use crate::error::Fault;
use crate::snapshot::{Row, Snapshot};
use crate::store::Store;

impl Store {
    /// Aggregates of one kind by their keys, those that there are, in the order asked: cards,
    /// passes, sales that were found.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn read_all<A: Aggregate>(&self, keys: Vec<Key>) -> Result<Vec<Arc<A>>, Fault> {
        self.ask(move |view| {
            let records = view.records(&keys)?.into_iter().flatten();
            Ok(of_kind(&records.collect::<Vec<_>>()))
        })
        .await
    }

    /// Aggregates of any kinds by their keys, as they were at one moment and in the order asked;
    /// `None` where there is none.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn read_records(&self, keys: Vec<Key>) -> Result<Vec<Option<Record>>, Fault> {
        self.ask(move |view| view.records(&keys)).await
    }

    /// The seats of these sections of a seller's events, as they are now; ids that lead nowhere
    /// are left out.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn seat_blocks(
        &self,
        shard: Shard,
        ids: Vec<SeatBlockId>,
    ) -> Result<Vec<Arc<SeatBlock>>, Fault> {
        let keys = ids.into_iter().map(|id| SeatBlock::key_of(shard, id));
        self.read_all(keys.collect()).await
    }

    /// Sales of an event in order of their numbers, after `after`; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn event_sales(
        &self,
        shard: Shard,
        event: EventId,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Arc<Sale>>, Fault> {
        let limit = limit.min(PAGE_ROWS_MAX);
        self.ask(move |view| Ok(of_kind(&read(view.sales_of(shard, event, after, limit)?)?))).await
    }

    /// What persons must still do for a seller, oldest first, after `after`; at most
    /// [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn open_tasks(
        &self,
        shard: Shard,
        after: TaskId,
        limit: u32,
    ) -> Result<Vec<Arc<Task>>, Fault> {
        self.ask(move |view| open_tasks(view, shard, after, limit)).await
    }

    /// Moves of tickets to a seller's events, oldest first, after `after`; at most
    /// [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn transfers(
        &self,
        shard: Shard,
        after: TransferId,
        limit: u32,
    ) -> Result<Vec<Arc<Transfer>>, Fault> {
        self.ask(move |view| page(view, shard, after.0, limit)).await
    }

    /// Payouts to a seller, oldest first, after `after`; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn payouts(
        &self,
        shard: Shard,
        after: PayoutId,
        limit: u32,
    ) -> Result<Vec<Arc<Payout>>, Fault> {
        self.ask(move |view| page(view, shard, after.0, limit)).await
    }

    /// A seller's long work, oldest first, after `after`; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn jobs(
        &self,
        shard: Shard,
        after: JobId,
        limit: u32,
    ) -> Result<Vec<Arc<Job>>, Fault> {
        self.ask(move |view| page(view, shard, after.0, limit)).await
    }

    /// What a seller is owed for each of its events for which anything was booked, by event, after
    /// `after`; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn event_books(
        &self,
        shard: Shard,
        after: EventId,
        limit: u32,
    ) -> Result<Vec<Arc<EventBook>>, Fault> {
        self.ask(move |view| page(view, shard, after.0, limit)).await
    }

    /// What a seller is owed and owes apart from events; all zero when nothing was booked.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn owner_book(&self, shard: Shard) -> Result<Arc<OwnerBook>, Fault> {
        let book = self.read::<OwnerBook>(OwnerBook::key_of(shard)).await?;
        Ok(book.unwrap_or_else(|| Arc::new(OwnerBook { shard, ..OwnerBook::default() })))
    }
}

fn of_kind<A: Aggregate>(records: &[Record]) -> Vec<Arc<A>> {
    records.iter().filter_map(A::from_record).cloned().collect()
}

fn read(rows: Vec<Row>) -> Result<Vec<Record>, Fault> {
    rows.into_iter().map(|row| row.record).collect()
}

pub(super) fn page<A: Aggregate>(
    view: &dyn Snapshot,
    shard: Shard,
    after: u32,
    limit: u32,
) -> Result<Vec<Arc<A>>, Fault> {
    let after = Key::number(shard, A::KIND, after);
    let rows = view.page(A::KIND, shard, Some(&after), limit.min(PAGE_ROWS_MAX))?;
    Ok(of_kind(&read(rows)?))
}

/// Goes on over those that are done until enough are found.
fn open_tasks(
    view: &dyn Snapshot,
    shard: Shard,
    mut after: TaskId,
    limit: u32,
) -> Result<Vec<Arc<Task>>, Fault> {
    let limit = limit.min(PAGE_ROWS_MAX) as usize;
    let mut open = Vec::new();
    while open.len() < limit {
        let tasks = page::<Task>(view, shard, after.0, PAGE_ROWS_MAX)?;
        let Some(last) = tasks.last() else { break };
        after = last.id;
        open.extend(tasks.into_iter().filter(|task| task.done.is_none()));
    }
    open.truncate(limit);
    Ok(open)
}
