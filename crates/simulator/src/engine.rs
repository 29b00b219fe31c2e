//! The engine in memory with the faults of a network, watched by the judge.

use std::sync::Arc;

use domain::facts::Key;
use domain::ids::{NumberKind, Shard};
use domain::record::Record;
use domain::time::Timestamp;
use store::changes::Changes;
use store::engine::{Begun, Engine, EngineError};
use store::memory::{Cut, MemoryEngine};

use crate::life::Life;
use crate::plan::{Effect, Place};

/// One lane's connection to the database of the run.
pub(crate) struct SimEngine {
    inner: MemoryEngine,
    life: Arc<Life>,
    written: Option<Changes>,
}

impl SimEngine {
    pub(crate) fn new(life: &Arc<Life>) -> SimEngine {
        let inner = life.world.database.connect();
        SimEngine { inner, life: Arc::clone(life), written: None }
    }

    fn strike(&self, place: Place) -> Result<(), EngineError> {
        match self.life.strike_lane(place) {
            None => Ok(()),
            Some(Effect::Lost | Effect::LostCommitted) => {
                Err(EngineError::Lost("cut by the simulator".to_owned()))
            }
            Some(Effect::Conflict) => Err(EngineError::Conflict("put off".to_owned())),
            Some(_) => Err(EngineError::Failed("the node has died".to_owned())),
        }
    }

    fn commit_cut(&mut self, cut: Cut) -> Result<(), EngineError> {
        self.life.world.database.cut_next_commit(cut);
        let result = self.inner.commit();
        match cut {
            Cut::AfterApplied => self.show(),
            Cut::BeforeApplied => self.written = None,
        }
        result
    }

    /// A dead lane learns nothing more.
    fn die_in_commit(&mut self, cut: Cut) -> Result<(), EngineError> {
        let _ = self.commit_cut(cut);
        Err(EngineError::Unknown("the node has died".to_owned()))
    }

    /// The judge sees what has just been committed.
    fn show(&mut self) {
        let Some(changes) = self.written.take() else { return };
        let world = &self.life.world;
        let (book, now) = (world.book(), world.now());
        world.judge().sees_commit(&changes, &book, now);
        for sale in changes.records.iter().filter_map(|change| match &change.after {
            Record::Sale(sale) => Some(sale),
            _ => None,
        }) {
            let attempts = sale.attempts.iter().map(|attempt| attempt.state).collect::<Vec<_>>();
            let (id, state) = (sale.id.0, sale.state);
            world.tell(|| format!("Committed: sale {id} is {state:?}, attempts {attempts:?}."));
        }
    }
}

impl Engine for SimEngine {
    fn begin(&mut self, shards: &[Shard]) -> Result<Begun, EngineError> {
        self.strike(Place::Begin)?;
        let mut begun = self.inner.begin(shards)?;
        begun.now = self.life.world.plan.database_clock.then(|| self.life.world.now());
        Ok(begun)
    }

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Record>>, EngineError> {
        self.strike(Place::Load)?;
        self.inner.load(keys)
    }

    fn claim(&mut self, shard: Shard, kind: NumberKind) -> Result<u32, EngineError> {
        self.inner.claim(shard, kind)
    }

    fn write(&mut self, changes: &Changes) -> Result<(), EngineError> {
        self.strike(Place::Write)?;
        let result = self.inner.write(changes);
        if let Err(EngineError::Constraint(what)) = &result {
            self.life.world.judge().blame("nothing contradicts what is stored", || what.clone());
        }
        self.written = Some(changes.clone());
        result
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        match self.life.strike_lane(Place::Commit) {
            Some(Effect::Crash { .. }) => self.die_in_commit(Cut::BeforeApplied),
            Some(Effect::CrashCommitted { .. }) => self.die_in_commit(Cut::AfterApplied),
            Some(Effect::LostCommitted) => self.commit_cut(Cut::AfterApplied),
            Some(_) => self.commit_cut(Cut::BeforeApplied),
            None => {
                self.inner.commit()?;
                self.show();
                Ok(())
            }
        }
    }

    fn rollback(&mut self) {
        self.written = None;
        self.inner.rollback();
    }

    fn lane_batch(&mut self, lane: u32, shards: &[Shard]) -> Result<u64, EngineError> {
        self.inner.lane_batch(lane, shards)
    }

    fn last_moment(&mut self) -> Result<Option<Timestamp>, EngineError> {
        if self.life.world.plan.database_clock { Ok(None) } else { self.inner.last_moment() }
    }

    fn reopen(&mut self) -> Result<(), EngineError> {
        self.inner.reopen()
    }

    fn tidy(&mut self) -> Result<(), EngineError> {
        self.inner.tidy()
    }

    fn close(&mut self) -> Result<(), EngineError> {
        self.inner.close()
    }
}
