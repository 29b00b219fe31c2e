//! The tables in memory, as readers see them.

use std::ops::Bound;

use domain::effect::Owed;
use domain::facts::Key;
use domain::ids::{EventId, NumberKind, SaleId, Shard};
use domain::ledger::{Posting, PostingKind};
use domain::record::{Kind, Record};
use domain::sale::Sale;
use domain::time::Timestamp;

use super::state::State;
use crate::changes::{Due, Found};
use crate::error::Fault;
use crate::snapshot::{Balance, PostingPlace, Row, Snapshot, WorkKind};

impl Snapshot for State {
    fn records(&self, keys: &[Key]) -> Result<Vec<Option<Record>>, Fault> {
        Ok(keys.iter().map(|key| self.records.get(key).cloned()).collect())
    }

    fn page(
        &self,
        kind: Kind,
        shard: Shard,
        after: Option<&Key>,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let first = Key::number(shard, kind, 0);
        let last = Key::hashed(shard, kind, u32::MAX, u128::MAX);
        let rows = self.records.range(first..=last);
        let rest = rows.filter(|(key, _)| after.is_none_or(|after| *key > after));
        let rest = rest.take(limit as usize);
        Ok(rest.map(|(key, record)| Row { key: *key, record: Ok(record.clone()) }).collect())
    }

    fn sales_of(
        &self,
        shard: Shard,
        event: EventId,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Row>, Fault> {
        let after = Sale::key_of(shard, after);
        let mut rows = self.page(Kind::Sale, shard, Some(&after), u32::MAX)?;
        rows.retain(|row| match &row.record {
            Ok(Record::Sale(sale)) => sale.event == event,
            _ => false,
        });
        rows.truncate(limit as usize);
        Ok(rows)
    }

    fn shards(&self) -> Result<Vec<Shard>, Fault> {
        Ok(self.sequences.keys().copied().collect())
    }

    fn block(&self, kind: NumberKind, block: u32) -> Result<Option<Shard>, Fault> {
        Ok(self.blocks.get(&(kind, block)).copied())
    }

    fn blocks(&self) -> Result<Vec<(NumberKind, u32, Shard)>, Fault> {
        Ok(self.blocks.iter().map(|(&(kind, block), &shard)| (kind, block, shard)).collect())
    }

    fn idempotency_day(&self, shard: Shard, day: u32) -> Result<bool, Fault> {
        let first = Key::hashed(shard, Kind::Idempotency, day, 0);
        let last = Key::hashed(shard, Kind::Idempotency, day, u128::MAX);
        Ok(self.records.range(first..=last).next().is_some())
    }

    fn due(&self, now: Timestamp, work: WorkKind, limit: u32) -> Result<Vec<Due>, Fault> {
        let is_wanted = |due: &&Due| due.at <= now && work.has(due.kind);
        let mut due: Vec<Due> = self.due.iter().filter(is_wanted).copied().collect();
        due.sort_unstable_by_key(|due| (due.at, *due));
        due.truncate(limit as usize);
        Ok(due)
    }

    fn due_of(&self, shard: Shard) -> Result<Vec<Due>, Fault> {
        Ok(self.due.iter().filter(|due| due.shard == shard).copied().collect())
    }

    fn found(&self, word: u128, limit: u32) -> Result<Vec<Found>, Fault> {
        let rows = self.found.iter().filter(|row| row.word == word);
        Ok(rows.take(limit as usize).copied().collect())
    }

    fn found_of(
        &self,
        shard: Shard,
        after: Option<&Found>,
        limit: u32,
    ) -> Result<Vec<Found>, Fault> {
        let rows = self.found.iter().filter(|row| row.shard == shard);
        let rest = rows.filter(|row| after.is_none_or(|after| *row > after));
        Ok(rest.take(limit as usize).copied().collect())
    }

    fn outbox(&self, after: Option<(Shard, u32)>, limit: u32) -> Result<Vec<Owed>, Fault> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = self.outbox.range((start, Bound::Unbounded));
        Ok(rest.take(limit as usize).map(|(_, owed)| owed.clone()).collect())
    }

    fn outbox_length(&self) -> Result<u64, Fault> {
        Ok(self.outbox.len() as u64)
    }

    fn postings(&self, shard: Shard, first: SaleId, last: SaleId) -> Result<Vec<Posting>, Fault> {
        let first = (shard, first.0, 0, PostingKind::Sold);
        let last = (shard, last.0.saturating_add(1), 0, PostingKind::Sold);
        Ok(self.postings.range(first..last).map(|(_, posting)| posting.clone()).collect())
    }

    fn postings_after(
        &self,
        shard: Shard,
        after: PostingPlace,
        limit: u32,
    ) -> Result<Vec<Posting>, Fault> {
        let first = (shard, after.number, after.step, PostingKind::Sold);
        let rest = self.postings.range(first..).map(|(_, posting)| posting);
        let own = rest.take_while(|posting| posting.shard == shard);
        let later = own.filter(|posting| PostingPlace::of(posting) > after);
        Ok(later.take(limit as usize).cloned().collect())
    }

    fn balances(&self, shard: Shard) -> Result<Vec<Balance>, Fault> {
        let rows = self.balances.iter().filter(|((of, _, _), _)| *of == shard);
        let balances = rows.map(|((_, account, currency), amount)| Balance {
            account: account.clone(),
            currency: (*currency).to_owned(),
            amount: *amount,
        });
        Ok(balances.collect())
    }

    fn integrity(&self) -> Result<Vec<String>, Fault> {
        Ok(Vec::new())
    }
}
