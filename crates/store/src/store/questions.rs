//! Questions about what is stored, answered by readers beside the lane.

use std::sync::{Arc, PoisonError};

use domain::idempotency::Idempotency;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, SaleId, Shard};
use domain::quota::Quota;
use domain::sale::Sale;
use domain::special_ticket::SpecialTicket;
use domain::time::Timestamp;

use super::{Inner, Store};
use crate::changes::Due;
use crate::error::Fault;
use crate::queries::catalogue::CatalogueRows;
use crate::queries::check::CheckReport;
use crate::queries::{self, PAGE_ROWS_MAX};
use crate::snapshot::{Snapshot, WorkKind};
use crate::sums::LedgerSum;

impl Inner {
    fn known_block(&self, kind: NumberKind, block: u32) -> Option<Shard> {
        let blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner);
        blocks.get(&(kind, block)).copied()
    }
}

impl Store {
    /// Whose a published number is; `None` when nobody has claimed it.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn shard_of(&self, kind: NumberKind, number: u32) -> Result<Option<Shard>, Fault> {
        let block = number / NUMBER_BLOCK_SIZE;
        let known = self.inner.known_block(kind, block);
        if known.is_some() {
            return Ok(known);
        }
        let found = self.ask(move |view| view.block(kind, block)).await?;
        if let Some(shard) = found {
            let mut blocks = self.inner.blocks.write().unwrap_or_else(PoisonError::into_inner);
            blocks.insert((kind, block), shard);
        }
        Ok(found)
    }

    /// Every seller, ascending; without the house.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn sellers(&self) -> Result<Vec<Shard>, Fault> {
        let mut shards = self.ask(|view| view.shards()).await?;
        shards.retain(|shard| *shard != Shard::HOUSE);
        Ok(shards)
    }

    /// The whole catalogue of a shard, read at one moment.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn catalogue(&self, shard: Shard) -> Result<CatalogueRows, Fault> {
        self.ask(move |view| queries::catalogue::catalogue(view, shard)).await
    }

    /// How often the catalogue of each of these shards was changed, as of one moment; 0 for a
    /// shard that is not there.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn catalogue_revisions(
        &self,
        shards: Vec<Shard>,
    ) -> Result<Vec<(Shard, u64)>, Fault> {
        self.ask(move |view| queries::catalogue::revisions(view, &shards)).await
    }

    /// What is taken of each quota of a shard now.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn quotas(&self, shard: Shard) -> Result<Vec<Arc<Quota>>, Fault> {
        self.ask(move |view| queries::catalogue::quotas(view, shard)).await
    }

    /// A seller's single-use codes, by what they hash to.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn special_tickets(&self, shard: Shard) -> Result<Vec<Arc<SpecialTicket>>, Fault> {
        self.ask(move |view| queries::catalogue::special_tickets(view, shard)).await
    }

    /// Work whose time has come, oldest first, over all shards; at most [`PAGE_ROWS_MAX`] rows;
    /// contracts are asked for apart.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>, Fault> {
        self.ask(move |view| view.due(now, WorkKind::Others, limit.min(PAGE_ROWS_MAX))).await
    }

    /// Contracts whose time has come, as [`Store::due`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn contracts_due(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>, Fault> {
        self.ask(move |view| view.due(now, WorkKind::Contracts, limit.min(PAGE_ROWS_MAX))).await
    }

    /// Where a caller's key led to on one of the days `today - 31 ..= today - 2`. Today and
    /// yesterday are looked at by the rules themselves.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn idempotency_before(
        &self,
        shard: Shard,
        hash: u128,
        today: u32,
    ) -> Result<Option<Idempotency>, Fault> {
        let days = match self.inner.days.get(shard, today) {
            Some(days) => days,
            None => {
                let days =
                    self.ask(move |view| queries::idempotency::days(view, shard, today)).await?;
                self.inner.days.set(shard, today, days.clone());
                days
            }
        };
        if days.is_empty() {
            return Ok(None);
        }
        self.ask(move |view| queries::idempotency::find(view, shard, hash, &days)).await
    }

    /// Sales of a shard in order of their numbers, after `after`; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn sales(
        &self,
        shard: Shard,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Arc<Sale>>, Fault> {
        self.ask(move |view| queries::sales::sales(view, shard, after, limit)).await
    }

    /// What the books add up to, one row for each sort of account and currency, over all sellers.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn ledger_sums(&self) -> Result<Vec<LedgerSum>, Fault> {
        self.ask(|view| crate::sums::ledger_sums(view)).await
    }

    /// Checks whether everything stored holds together (`payments.md` §6.8, §7.3).
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read at all; what is wrong in it is a finding.
    pub async fn check(&self) -> Result<CheckReport, Fault> {
        let mut report = self.ask(|view| queries::check::check_whole(view)).await?;
        let mut across = queries::check::Across::default();
        for shard in self.ask(|view| view.shards()).await? {
            let question = move |view: &dyn Snapshot| queries::check::check_shard(view, shard);
            let (of_shard, seen) = self.ask(question).await?;
            report.absorb(of_shard);
            across.absorb(seen);
        }
        // Sellers are looked at one after the other, and what two have with each other may have
        // changed in between; only one view of everything can tell.
        if across.agrees() { Ok(report) } else { self.ask(queries::check::check).await }
    }
}
