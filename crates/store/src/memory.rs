//! The engine in memory: what tests and the simulator run on, and the second implementation
//! that keeps [`crate::engine::Engine`] honest.
//!
//! Several lanes may share one database; `begin` waits for the transaction before it.

mod state;
mod view;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NUMBER_MAX, NumberKind, Shard};
use domain::record::Record;
use domain::time::Timestamp;

use self::state::State;
use crate::changes::Changes;
use crate::engine::{Begun, Engine, EngineError};
use crate::error::Fault;
use crate::snapshot::{Reader, Snapshot};

/// A database that lives as long as somebody holds it.
#[derive(Clone, Default)]
pub struct MemoryDatabase {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Somebody's transaction has ended.
    ended: Condvar,
}

/// Where a commit is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The order to commit was lost on its way.
    BeforeApplied,
    /// It was committed, and the answer was lost on its way back.
    AfterApplied,
}

impl MemoryDatabase {
    /// A connection for one lane.
    #[must_use]
    pub fn connect(&self) -> MemoryEngine {
        MemoryEngine { database: self.clone(), transaction: None }
    }

    /// Cuts the connection in the next commit, to see whether the lane finds out what happened.
    pub fn cut_next_commit(&self, cut: Cut) {
        self.lock().cut = Some(cut);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader for MemoryDatabase {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<(), Fault> {
        work(&*self.lock());
        Ok(())
    }

    fn close(&self) {}
}

/// One lane's connection.
pub struct MemoryEngine {
    database: MemoryDatabase,
    transaction: Option<Transaction>,
}

/// What is not committed yet.
#[derive(Default)]
struct Transaction {
    changes: Option<Changes>,
    claims: Vec<(NumberKind, u32, Shard)>,
}

impl Engine for MemoryEngine {
    fn begin(&mut self, shards: &[Shard]) -> Result<Begun, EngineError> {
        let mut state = self.database.lock();
        while state.in_transaction {
            let ended = &self.database.shared.ended;
            state = ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.in_transaction = true;
        let sequences = shards.iter().map(|shard| state.sequence(*shard)).collect();
        drop(state);
        self.transaction = Some(Transaction::default());
        Ok(Begun { sequences, now: None })
    }

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Record>>, EngineError> {
        let state = self.database.lock();
        Ok(keys.iter().map(|key| state.records.get(key).cloned()).collect())
    }

    fn claim(&mut self, shard: Shard, kind: NumberKind) -> Result<u32, EngineError> {
        let transaction = self.transaction.get_or_insert_default();
        let mine = transaction.claims.iter().filter(|claim| claim.0 == kind);
        let last = mine.map(|claim| claim.1).max().or(self.database.lock().last_block(kind));
        let block = last.map_or(0, |last| last + 1);
        if block > NUMBER_MAX / NUMBER_BLOCK_SIZE {
            return Err(EngineError::Constraint(format!("no numbers of {kind:?} are left")));
        }
        transaction.claims.push((kind, block, shard));
        Ok(block)
    }

    fn write(&mut self, changes: &Changes) -> Result<(), EngineError> {
        self.database.lock().check(changes)?;
        self.transaction.get_or_insert_default().changes = Some(changes.clone());
        Ok(())
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        let transaction = self.transaction.take().unwrap_or_default();
        let mut state = self.database.lock();
        let cut = state.cut.take();
        if cut != Some(Cut::BeforeApplied) {
            transaction.claims.iter().for_each(|claim| state.claim(*claim));
            transaction.changes.into_iter().for_each(|changes| state.apply(changes));
        }
        self.end(state);
        match cut {
            Some(_) => Err(EngineError::Lost("cut by the test".to_owned())),
            None => Ok(()),
        }
    }

    fn rollback(&mut self) {
        if self.transaction.take().is_some() {
            self.end(self.database.lock());
        }
    }

    fn lane_batch(&mut self, lane: u32, _shards: &[Shard]) -> Result<u64, EngineError> {
        Ok(self.database.lock().lanes.get(&lane).copied().unwrap_or(0))
    }

    fn last_moment(&mut self) -> Result<Option<Timestamp>, EngineError> {
        Ok(self.database.lock().latest)
    }

    fn reopen(&mut self) -> Result<(), EngineError> {
        self.rollback();
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), EngineError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), EngineError> {
        self.rollback();
        Ok(())
    }
}

impl MemoryEngine {
    fn end(&self, mut state: MutexGuard<'_, State>) {
        state.in_transaction = false;
        drop(state);
        self.database.shared.ended.notify_one();
    }
}

impl Drop for MemoryEngine {
    fn drop(&mut self) {
        self.rollback();
    }
}
