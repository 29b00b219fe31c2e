//! What a bookkeeper asks: balances, what was booked, and calls of gateways in doubt.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::attempt::AttemptState;
use domain::facts::Key;
use domain::ids::{SaleId, Shard};
use domain::ledger::Posting;
use domain::record::{Aggregate, Kind};
use domain::sale::Sale;
use domain::task::Task;

use super::{PAGE_ROWS_MAX, all};
use crate::error::Fault;
use crate::snapshot::{Balance, PostingPlace, Snapshot};
use crate::store::Store;

impl Store {
    /// Every balance of these sellers that is not zero, as of one moment, by seller, account and
    /// currency.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn balances(&self, shards: Vec<Shard>) -> Result<Vec<(Shard, Balance)>, Fault> {
        self.ask(move |view| {
            let mut balances = Vec::new();
            for shard in &shards {
                let found = view.balances(*shard)?;
                balances.extend(found.into_iter().map(|balance| (*shard, balance)));
            }
            Ok(balances)
        })
        .await
    }

    /// What was booked for a seller, by the number of its source, after `after`; at most
    /// [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn postings(
        &self,
        shard: Shard,
        after: PostingPlace,
        limit: u32,
    ) -> Result<Vec<Posting>, Fault> {
        self.ask(move |view| view.postings_after(shard, after, limit.min(PAGE_ROWS_MAX))).await
    }

    /// A seller's sales after `after` with a call of a gateway of which nobody knows what became,
    /// by number; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn sales_in_doubt(
        &self,
        shard: Shard,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Arc<Sale>>, Fault> {
        self.ask(move |view| sales_in_doubt(view, shard, after, limit)).await
    }
}

/// An unknown call has a row of work, and one that was given over to a person has a task, which
/// may be done while the call is still in doubt; so no other sale need be looked at.
fn sales_in_doubt(
    view: &dyn Snapshot,
    shard: Shard,
    after: SaleId,
    limit: u32,
) -> Result<Vec<Arc<Sale>>, Fault> {
    let work = view.due_of(shard)?.into_iter().filter(|due| due.kind == Kind::Sale);
    let mut numbers: BTreeSet<SaleId> = work.map(|due| SaleId(due.number)).collect();
    let tasks = all(view, Kind::Task, shard)?;
    numbers.extend(tasks.iter().filter_map(|task| Task::from_record(task)?.sale));
    let keys = numbers.into_iter().filter(|sale| *sale > after);
    let keys: Vec<Key> = keys.map(|sale| Sale::key_of(shard, sale)).collect();
    let mut found = Vec::new();
    for keys in keys.chunks(PAGE_ROWS_MAX as usize) {
        let records = view.records(keys)?.into_iter().flatten();
        found.extend(records.filter_map(|it| Sale::from_record(&it).cloned()).filter(is_in_doubt));
        if found.len() >= limit as usize {
            break;
        }
    }
    found.truncate(limit as usize);
    Ok(found)
}

fn is_in_doubt(sale: &Arc<Sale>) -> bool {
    let in_doubt = |state| matches!(state, AttemptState::Unknown | AttemptState::Review);
    sale.attempts.iter().any(|attempt| in_doubt(attempt.state))
}
