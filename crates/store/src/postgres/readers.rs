//! Connections that only read, apart from the lanes'.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::connection::Connection;
use super::session::Role;
use super::settings::Settings;
use super::view::PostgresView;
use crate::error::Fault;
use crate::snapshot::{Reader, Snapshot};

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How long a question waits for a connection.
const CONNECTION_WITHIN: Duration = Duration::from_secs(10);

/// A bounded number of reading connections, opened as they are needed.
pub(super) struct Readers {
    settings: Arc<Settings>,
    pool: Mutex<Pool>,
    given_back: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    in_use: u32,
    closed: bool,
}

impl Readers {
    pub(super) fn new(settings: Arc<Settings>) -> Readers {
        Readers { settings, pool: Mutex::default(), given_back: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to one connection, and one that is idle if there is any.
    fn take(&self) -> Result<Option<Connection>, Fault> {
        let full =
            |pool: &mut Pool| !pool.closed && pool.in_use >= self.settings.readers_max.max(1);
        let waited = self.given_back.wait_timeout_while(self.lock(), CONNECTION_WITHIN, full);
        let (mut pool, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if pool.closed {
            return Err(Fault::Stopped);
        }
        if waited.timed_out() {
            return Err(Fault::Database("all reading connections are busy".to_owned()));
        }
        pool.in_use += 1;
        Ok(pool.idle.pop())
    }

    fn give_back(&self, connection: Option<Connection>) {
        let mut pool = self.lock();
        pool.in_use = pool.in_use.saturating_sub(1);
        if !pool.closed {
            pool.idle.extend(connection);
        }
        drop(pool);
        self.given_back.notify_one();
    }

    /// A connection in a transaction. One that was idle shows here whether it still lives; if it
    /// does not, the others are likely as dead and go too.
    fn begin(&self, idle: Option<Connection>) -> Result<Connection, Fault> {
        if let Some(mut connection) = idle {
            match connection.simple(BEGIN) {
                Ok(()) => return Ok(connection),
                Err(error) => tracing::info!(%error, "a reading connection is opened anew"),
            }
            self.lock().idle.clear();
        }
        let opened = Connection::open(&self.settings, Role::Reader);
        let mut connection = opened.map_err(|error| Fault::Database(error.to_string()))?;
        connection.simple(BEGIN)?;
        Ok(connection)
    }

    /// The connection, too, if it is still good.
    fn work(
        &self,
        idle: Option<Connection>,
        work: &mut dyn FnMut(&dyn Snapshot),
    ) -> Result<Option<Connection>, Fault> {
        let view = PostgresView::new(self.begin(idle)?, &self.settings.codec);
        work(&view);
        let mut connection = view.into_connection();
        // Nothing was written, so what was answered is good even if this fails.
        Ok(connection.simple("ROLLBACK").is_ok().then_some(connection))
    }
}

impl Reader for Readers {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<(), Fault> {
        let idle = self.take()?;
        let worked = self.work(idle, work);
        let (connection, outcome) = match worked {
            Ok(connection) => (connection, Ok(())),
            Err(fault) => (None, Err(fault)),
        };
        self.give_back(connection);
        outcome
    }

    fn close(&self) {
        let mut pool = self.lock();
        pool.closed = true;
        pool.idle.clear();
        drop(pool);
        self.given_back.notify_all();
    }
}
