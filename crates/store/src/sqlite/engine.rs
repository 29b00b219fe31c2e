//! The lane's side of SQLite.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NUMBER_MAX, NumberKind, Shard};
use domain::record::Record;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use super::connection::{CHECKPOINT_PAGES, Settings, fold_log};
use super::{view, write};
use crate::changes::Changes;
use crate::engine::{Begun, Engine, EngineError};

/// The writing connection.
pub struct SqliteEngine {
    connection: Option<Connection>,
    settings: Arc<Settings>,
    /// Pages in the log after the last commit.
    log_pages: Arc<AtomicU32>,
    writer: write::Writer,
    /// Keeps other processes away for as long as this lives.
    lock: Option<File>,
}

impl SqliteEngine {
    pub(super) fn new(connection: Connection, settings: Arc<Settings>, lock: File) -> SqliteEngine {
        let mut engine = SqliteEngine {
            connection: None,
            settings,
            log_pages: Arc::default(),
            writer: write::Writer::default(),
            lock: Some(lock),
        };
        engine.adopt(connection);
        engine
    }

    fn adopt(&mut self, mut connection: Connection) {
        let log_pages = Arc::clone(&self.log_pages);
        let watch = move |_: &mut rusqlite::hooks::Wal, pages: std::ffi::c_int| {
            log_pages.store(u32::try_from(pages).unwrap_or(0), Relaxed);
            Ok(())
        };
        if let Err(error) = connection.wal_hook(Some(watch)) {
            tracing::warn!(%error, "the log's length is not known; it is folded in at the end");
        }
        self.connection = Some(connection);
    }

    fn connection(&self) -> Result<&Connection, EngineError> {
        let lost = || EngineError::Lost("the database is not open".to_owned());
        self.connection.as_ref().ok_or_else(lost)
    }

    fn fold_log(&self, mode: &str) -> Result<(), EngineError> {
        fold_log(self.connection()?, mode)?;
        self.log_pages.store(0, Relaxed);
        Ok(())
    }
}

impl Engine for SqliteEngine {
    fn begin(&mut self, shards: &[Shard]) -> Result<Begun, EngineError> {
        let connection = self.connection()?;
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut statement =
            connection.prepare_cached("SELECT sequence FROM shard WHERE shard = ?1")?;
        let sequences = shards.iter().map(|shard| {
            let sequence = statement.query_row([shard.0], |row| row.get(0)).optional()?;
            Ok(sequence.unwrap_or(0))
        });
        let sequences: Result<Vec<u64>, EngineError> = sequences.collect();
        if sequences.is_err() {
            drop(statement);
            self.rollback();
        }
        sequences.map(|sequences| Begun { sequences, now: None })
    }

    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Record>>, EngineError> {
        view::load(self.connection()?, keys)
    }

    fn claim(&mut self, shard: Shard, kind: NumberKind) -> Result<u32, EngineError> {
        let connection = self.connection()?;
        let last: Option<u32> = connection
            .prepare_cached("SELECT max(block) FROM id_block WHERE kind = ?1")?
            .query_row([kind.code()], |row| row.get(0))?;
        let block = last.map_or(0, |last| last + 1);
        if block > NUMBER_MAX / NUMBER_BLOCK_SIZE {
            return Err(EngineError::Constraint(format!("no numbers of {kind:?} are left")));
        }
        connection
            .prepare_cached("INSERT INTO id_block (kind, block, shard) VALUES (?1, ?2, ?3)")?
            .execute((kind.code(), block, shard.0))?;
        Ok(block)
    }

    fn write(&mut self, changes: &Changes) -> Result<(), EngineError> {
        let lost = || EngineError::Lost("the database is not open".to_owned());
        self.writer.write(self.connection.as_ref().ok_or_else(lost)?, changes)
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        self.connection()?.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    fn rollback(&mut self) {
        let Ok(connection) = self.connection() else { return };
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back; opening anew");
            self.connection = None;
        }
    }

    fn lane_batch(&mut self, lane: u32, _shards: &[Shard]) -> Result<u64, EngineError> {
        let batch = self
            .connection()?
            .prepare_cached("SELECT batch FROM lane WHERE lane = ?1")?
            .query_row([lane], |row| row.get(0))
            .optional()?;
        Ok(batch.unwrap_or(0))
    }

    fn last_moment(&mut self) -> Result<Option<Timestamp>, EngineError> {
        let at: Option<i64> = self
            .connection()?
            .prepare_cached("SELECT max(at) FROM lane")?
            .query_row([], |row| row.get(0))?;
        Ok(at.map(Timestamp))
    }

    /// The connection cannot get lost, only its transaction; it is kept, because it knows that
    /// a commit whose sync has failed is none. A new connection would find that commit in the
    /// log, which the system still holds in memory, and believe in it.
    fn reopen(&mut self) -> Result<(), EngineError> {
        self.rollback();
        if self.connection.is_none() {
            let connection = self.settings.open_writer();
            self.adopt(connection.map_err(|error| EngineError::Lost(error.to_string()))?);
        }
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), EngineError> {
        if self.log_pages.load(Relaxed) < CHECKPOINT_PAGES {
            return Ok(());
        }
        self.fold_log("PASSIVE")
    }

    fn close(&mut self) -> Result<(), EngineError> {
        self.rollback();
        let folded = self.fold_log("TRUNCATE");
        self.connection = None;
        self.lock = None;
        folded
    }
}
