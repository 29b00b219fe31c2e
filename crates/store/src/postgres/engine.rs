//! The lane's side of PostgreSQL.
//!
//! Four round trips a batch: begin and lock, load, write, commit. The lock is a statement of its
//! own, and what is loaded is loaded by later ones: in READ COMMITTED each statement sees what was
//! committed when it began, and one that locks and loads at once has begun before it waited.

use std::sync::Arc;

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NUMBER_MAX, NumberKind, Shard};
use domain::record::Record;
use domain::time::Timestamp;

use super::call::{Answer, Call, Expected, Param};
use super::connection::Connection;
use super::held::Held;
use super::load::{self, number};
#[cfg(feature = "testing")]
use super::planted;
use super::reconnect;
use super::session::Role;
use super::settings::Settings;
use super::write;
use crate::changes::Changes;
use crate::engine::{Begun, Engine, EngineError};

const LOCK: &str = "SELECT sequence FROM shard WHERE shard = $1 FOR UPDATE";

const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

/// Waits for whoever is writing the lane's row, and tells what is in it then.
const LANE_BATCH: &str = "INSERT INTO lane (shard, lane, batch, at) VALUES ($1, $2, 0, 0)
     ON CONFLICT (shard, lane) DO UPDATE SET batch = lane.batch
     RETURNING batch";

const CLAIM: &str = "INSERT INTO id_block (kind, block, shard)
     SELECT $1::bigint, claimed.block, $2::bigint
     FROM (SELECT coalesce(max(block) + 1, 0) AS block FROM id_block WHERE kind = $1) AS claimed
     WHERE claimed.block <= $3
     ON CONFLICT (kind, block) DO NOTHING
     RETURNING block";

const BLOCKS_LAST: &str = "SELECT coalesce(max(block), -1) FROM id_block WHERE kind = $1";

/// How often another node may be faster in claiming a block of numbers.
const CLAIM_TRIES_MAX: usize = 20;

/// One lane's connection.
pub struct PostgresEngine {
    settings: Arc<Settings>,
    /// `None` after it was lost.
    connection: Option<Connection>,
    /// Tells this start of the node from every other; the upper half of its batches' numbers.
    incarnation: u32,
    /// The shards of the open transaction; `None` when none is open.
    locked: Option<Vec<Shard>>,
    held: Held,
    /// What the planted fault has read too early.
    #[cfg(feature = "testing")]
    planted: planted::ReadTooEarly,
}

impl PostgresEngine {
    pub(super) fn new(
        connection: Connection,
        settings: Arc<Settings>,
        incarnation: u32,
    ) -> PostgresEngine {
        PostgresEngine {
            settings,
            connection: Some(connection),
            incarnation,
            locked: None,
            held: Held::default(),
            #[cfg(feature = "testing")]
            planted: planted::ReadTooEarly::default(),
        }
    }

    /// Lets the connection work; gives it up when it is lost.
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut Connection, &Settings) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let closed = || EngineError::Lost("the database is not connected".to_owned());
        let connection = self.connection.as_mut().ok_or_else(closed)?;
        let result = work(connection, &self.settings);
        if matches!(result, Err(EngineError::Lost(_))) {
            self.connection = None;
            self.locked = None;
        }
        result
    }

    fn lock(&mut self, begin: &str, shards: &[Shard]) -> Result<Begun, EngineError> {
        #[cfg(feature = "testing")]
        if self.settings.lock_and_load_in_one {
            let begun = self.with(|connection, _| planted::begin(connection, shards));
            let (begun, early) = begun?;
            self.planted = early;
            return Ok(begun);
        }
        let lock = |shard: &Shard| {
            Call::new(LOCK, vec![Box::new(i64::from(shard.0))]).expecting(Expected::Lock(*shard))
        };
        let mut calls: Vec<Call> = shards.iter().map(lock).collect();
        calls.push(Call::new(NOW, Vec::new()));
        let mut answers = self.with(|connection, _| connection.run(Some(begin), &calls))?;
        let clock = answers.pop().and_then(|answer| answer.rows.into_iter().next());
        let clock = clock.filter(|_| !self.settings.takes_callers_clock());
        let now = clock.map(|row| load::column(&row, 0)).transpose()?.map(Timestamp);
        let sequence = |answer: &Answer| answer.rows.first().map_or(Ok(0), |row| number(row, 0));
        Ok(Begun { sequences: answers.iter().map(sequence).collect::<Result<_, _>>()?, now })
    }
}

impl Engine for PostgresEngine {
    fn begin(&mut self, shards: &[Shard]) -> Result<Begun, EngineError> {
        let begin = self.held.begin(shards)?;
        self.locked = Some(shards.to_vec());
        let begun = self.lock(begin, shards);
        self.held.learn(shards, &begun);
        if begun.is_err() {
            self.rollback();
        }
        begun
    }

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Record>>, EngineError> {
        let loaded =
            self.with(|connection, settings| load::load(connection, &settings.codec, keys));
        #[cfg(feature = "testing")]
        if self.settings.lock_and_load_in_one {
            return loaded.map(|loaded| self.planted.instead(keys, loaded));
        }
        loaded
    }

    /// A node that is faster keeps us waiting until its commit; then the next block is ours.
    fn claim(&mut self, shard: Shard, kind: NumberKind) -> Result<u32, EngineError> {
        let (code, last) = (i64::from(kind.code()), i64::from(NUMBER_MAX / NUMBER_BLOCK_SIZE));
        for _ in 0..CLAIM_TRIES_MAX {
            let params: Vec<Param> =
                vec![Box::new(code), Box::new(i64::from(shard.0)), Box::new(last)];
            let rows = self.with(|connection, _| connection.ask(Call::new(CLAIM, params)))?;
            if let Some(row) = rows.first() {
                return number(row, 0);
            }
            let call = Call::new(BLOCKS_LAST, vec![Box::new(code)]);
            let rows = self.with(|connection, _| connection.ask(call))?;
            let used: i64 = rows.first().map_or(Ok(-1), |row| load::column(row, 0))?;
            if used >= last {
                return Err(EngineError::Constraint(format!("no numbers of {kind:?} are left")));
            }
        }
        Err(EngineError::Conflict("other nodes were faster in claiming numbers".to_owned()))
    }

    fn write(&mut self, changes: &Changes) -> Result<(), EngineError> {
        let locked = self.locked.clone().unwrap_or_default();
        self.with(|connection, settings| {
            let calls = write::calls(&settings.codec, changes, &locked)?;
            connection.run(None, &calls).map(drop)
        })
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        let committed = self.with(|connection, _| connection.commit());
        self.locked = None;
        committed
    }

    fn rollback(&mut self) {
        if self.locked.take().is_none() || self.connection.is_none() {
            return;
        }
        if let Err(error) = self.with(|connection, _| connection.simple("ROLLBACK")) {
            tracing::warn!(%error, "a transaction could not be rolled back; connecting anew");
            self.connection = None;
        }
    }

    fn lane_batch(&mut self, lane: u32, shards: &[Shard]) -> Result<u64, EngineError> {
        let mut last = u64::from(self.incarnation) << 32;
        let calls = shards.iter().map(|shard| {
            let (shard, lane) = (i64::from(shard.0), i64::from(lane));
            Call::new(LANE_BATCH, vec![Box::new(shard), Box::new(lane)])
        });
        let calls: Vec<Call> = calls.collect();
        if !calls.is_empty() {
            let answers = self.with(|connection, _| connection.run(None, &calls))?;
            for row in answers.iter().flat_map(|answer| &answer.rows) {
                last = last.max(number(row, 0)?);
            }
        }
        Ok(last)
    }

    /// The database's own clock decides.
    fn last_moment(&mut self) -> Result<Option<Timestamp>, EngineError> {
        Ok(None)
    }

    fn reopen(&mut self) -> Result<(), EngineError> {
        self.locked = None;
        self.connection = None;
        self.connection = Some(reconnect::open(&self.settings, Role::Lane)?);
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), EngineError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), EngineError> {
        self.rollback();
        self.connection = None;
        Ok(())
    }
}
