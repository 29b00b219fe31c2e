//! A caller's key on an earlier day.
//!
//! The rules themselves look at today and yesterday; rows of the days before never change and
//! are read at intake. Which of those days has any row never changes either, so it is asked
//! once a day and seller, and most orders then need no look at all.

use std::sync::{Mutex, PoisonError};

use domain::facts::Key;
use domain::idempotency::{IDEMPOTENCY_DAYS, Idempotency};
use domain::ids::Shard;
use domain::record::{Aggregate as _, Kind};
use rustc_hash::FxHashMap;

use crate::error::Fault;
use crate::snapshot::Snapshot;

/// How many sellers' days are remembered before the memory starts again.
const SHARDS_MAX: usize = 10_000;

/// The days, `today - 31 ..= today - 2`, on which a seller has any row.
#[derive(Default)]
pub(crate) struct Days {
    known: Mutex<FxHashMap<Shard, KnownDays>>,
}

struct KnownDays {
    today: u32,
    days: Vec<u32>,
}

impl Days {
    /// The days worth looking at, if they are known.
    pub(crate) fn get(&self, shard: Shard, today: u32) -> Option<Vec<u32>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&shard).filter(|known| known.today == today).map(|known| known.days.clone())
    }

    /// Remembers them.
    pub(crate) fn set(&self, shard: Shard, today: u32, days: Vec<u32>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SHARDS_MAX {
            known.clear();
        }
        known.insert(shard, KnownDays { today, days });
    }
}

/// Finds the days on which a seller has any row.
pub(crate) fn days(view: &dyn Snapshot, shard: Shard, today: u32) -> Result<Vec<u32>, Fault> {
    let mut days = Vec::new();
    for age in 2..=IDEMPOTENCY_DAYS {
        let Some(day) = today.checked_sub(age) else { break };
        if view.idempotency_day(shard, day)? {
            days.push(day);
        }
    }
    Ok(days)
}

/// Looks for a key on these days, latest first.
pub(crate) fn find(
    view: &dyn Snapshot,
    shard: Shard,
    hash: u128,
    days: &[u32],
) -> Result<Option<Idempotency>, Fault> {
    for day in days {
        let key = Key::hashed(shard, Kind::Idempotency, *day, hash);
        if let Some(record) = view.record(&key)? {
            return Ok(Idempotency::from_record(&record).map(|row| Idempotency::clone(row)));
        }
    }
    Ok(None)
}
