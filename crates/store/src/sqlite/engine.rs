//! The lane's side of SQLite.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use domain::facts::Key;
use domain::ids::{NUMBER_BLOCK_SIZE, NUMBER_MAX, NumberKind, Shard};
use domain::record::Record;
use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use super::connection::{CHECKPOINT_PAGES, Settings, fold_log};
use super::files::Files;
use super::location::Lock;
use super::rows::without_culprit;
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
    lock: Option<Lock>,
    files: Files,
    /// Why nothing more can be written until the program is started again.
    ended: Option<String>,
}

impl SqliteEngine {
    pub(super) fn new(connection: Connection, settings: Arc<Settings>, lock: Lock) -> SqliteEngine {
        let mut engine = SqliteEngine {
            connection: None,
            settings,
            log_pages: Arc::default(),
            writer: write::Writer::default(),
            lock: Some(lock),
            files: Files::default(),
            ended: None,
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
        self.files = Files::of(self.settings.path());
        self.connection = Some(connection);
    }

    fn connection(&self) -> Result<&Connection, EngineError> {
        let lost = || EngineError::Lost("the database is not open".to_owned());
        self.connection.as_ref().ok_or_else(lost)
    }

    /// Answers whether readers prevented some of it.
    fn fold_log(&self, mode: &str) -> Result<bool, EngineError> {
        let prevented = fold_log(self.connection()?, mode)?;
        self.log_pages.store(0, Relaxed);
        Ok(prevented)
    }

    /// Somebody has taken a file away. What was committed is still in those that are open, so it
    /// is brought into the database itself, if that is still there; then nothing more is written.
    fn save_what_is_open(&mut self, gone: &Path) -> Result<(), EngineError> {
        let saved = gone != self.settings.path() && !self.fold_log("TRUNCATE")?;
        if saved {
            self.clear_mark();
        }
        let gone = gone.display();
        let ended = if saved {
            format!(
                "{gone} was deleted or replaced while the program runs; everything sold is safe \
                 in the database: start the program again"
            )
        } else {
            format!(
                "{gone} was deleted or replaced while the program runs: stop the program, put \
                 the file back or restore a backup, and start again"
            )
        };
        self.ended = Some(ended.clone());
        if saved { Ok(()) } else { Err(EngineError::Unknown(ended)) }
    }

    fn clear_mark(&mut self) {
        if let Some(Err(error)) = self.lock.as_mut().map(Lock::clear) {
            tracing::warn!(%error, "the lock file cannot be cleared");
        }
    }

    fn set_mark(&mut self) {
        if let Some(Err(error)) = self.lock.as_mut().map(Lock::mark) {
            tracing::warn!(%error, "the lock file cannot be written; a lost log goes unnoticed");
        }
    }
}

impl Engine for SqliteEngine {
    fn begin(&mut self, shards: &[Shard]) -> Result<Begun, EngineError> {
        if let Some(ended) = &self.ended {
            return Err(EngineError::Failed(ended.clone()));
        }
        let connection = self.connection()?;
        let mut statement = connection
            .prepare_cached("SELECT sequence FROM shard WHERE shard = ?1")
            .map_err(without_culprit)?;
        let begun = connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut it| it.execute([]));
        begun.map_err(without_culprit)?;
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
        let committed = self.connection()?.prepare_cached("COMMIT")?.execute([]);
        committed.map_err(without_culprit)?;
        match self.files.missing().map(Path::to_owned) {
            None => Ok(()),
            Some(gone) => self.save_what_is_open(&gone),
        }
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
        if self.log_pages.load(Relaxed) > 0 {
            self.set_mark();
        }
        if self.log_pages.load(Relaxed) < CHECKPOINT_PAGES {
            return Ok(());
        }
        self.fold_log("PASSIVE").map(drop)
    }

    fn close(&mut self) -> Result<(), EngineError> {
        self.rollback();
        let prevented = self.fold_log("TRUNCATE");
        self.connection = None;
        let mut lock = self.lock.take();
        if !prevented? && let Some(Err(error)) = lock.as_mut().map(Lock::clear) {
            tracing::warn!(%error, "the lock file cannot be cleared");
        }
        Ok(())
    }
}
