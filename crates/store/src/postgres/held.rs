//! Sellers whose rows somebody else held for longer than a lane waits.
//!
//! A lane serves many sellers. It waits out the whole time once; then commands of the held seller
//! are refused at once, and now and then a short wait tells whether the row is free again.

use std::time::Duration;

use domain::ids::Shard;
use rustc_hash::FxHashMap;
use tokio::time::Instant;

use crate::engine::{Begun, EngineError};

/// The pause between two waits for the same row.
const PAUSE: Duration = Duration::from_secs(2);

const BEGIN: &str = "BEGIN";

/// Waits for no lock longer than this, in milliseconds, until the transaction ends.
const BEGIN_BRIEFLY: &str = "BEGIN; SET LOCAL lock_timeout = 200";

/// When each of them was last waited for in vain.
#[derive(Default)]
pub(super) struct Held(FxHashMap<Shard, Instant>);

impl Held {
    /// How to begin a transaction that locks these.
    ///
    /// # Errors
    /// [`EngineError::Locked`] when one of them was waited for a moment ago.
    pub(super) fn begin(&self, shards: &[Shard]) -> Result<&'static str, EngineError> {
        let mut begin = BEGIN;
        for (shard, tried) in shards.iter().filter_map(|shard| self.0.get_key_value(shard)) {
            if tried.elapsed() < PAUSE {
                return Err(EngineError::Locked(*shard));
            }
            begin = BEGIN_BRIEFLY;
        }
        Ok(begin)
    }

    /// Learns from what came of it.
    pub(super) fn learn(&mut self, shards: &[Shard], begun: &Result<Begun, EngineError>) {
        match begun {
            Ok(_) => self.0.retain(|shard, _| !shards.contains(shard)),
            Err(EngineError::Locked(shard)) => {
                self.0.insert(*shard, Instant::now());
            }
            Err(_) => {}
        }
    }
}
