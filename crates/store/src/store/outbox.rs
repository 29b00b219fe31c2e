//! Effects that are owed, and telling that they were done.

use std::collections::BTreeMap;

use domain::effect::Owed;
use domain::ids::Shard;

use super::Store;
use crate::error::{Fault, SubmitError};
use crate::job::outbox_done;
use crate::queries::PAGE_ROWS_MAX;

impl Store {
    /// Effects that are owed, at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn outbox(&self, limit: u32) -> Result<Vec<Owed>, Fault> {
        self.outbox_after(None, limit).await
    }

    /// As [`Store::outbox`], those behind an effect, in order of shard and number.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn outbox_after(
        &self,
        after: Option<(Shard, u32)>,
        limit: u32,
    ) -> Result<Vec<Owed>, Fault> {
        self.ask(move |view| view.outbox(after, limit.min(PAGE_ROWS_MAX))).await
    }

    /// Takes effects that were done out of the outbox, by shard and number. Doing so twice does
    /// no harm.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be written; a full queue counts as such.
    pub async fn outbox_done(&self, done: Vec<(Shard, u32)>) -> Result<(), Fault> {
        let mut by_shard = BTreeMap::<Shard, Vec<u32>>::new();
        for (shard, number) in done {
            by_shard.entry(shard).or_default().push(number);
        }
        for (shard, numbers) in by_shard {
            self.commit_outbox(shard, numbers).await?;
        }
        Ok(())
    }

    async fn commit_outbox(&self, shard: Shard, done: Vec<u32>) -> Result<(), Fault> {
        let (job, answer) = outbox_done(shard, done);
        self.enqueue(job, answer).await.map_err(|error| match error {
            SubmitError::Fault(fault) => fault,
            other => Fault::Database(other.to_string()),
        })
    }

    /// Commits next to nothing, to see whether anything can be committed; what it finds shows
    /// in the [`crate::Condition`].
    ///
    /// # Errors
    /// [`Fault`] when it cannot.
    pub async fn probe(&self) -> Result<(), Fault> {
        self.commit_outbox(Shard::HOUSE, Vec::new()).await
    }
}
