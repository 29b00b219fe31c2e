//! Connections that only read, apart from the lane's.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::connection::Settings;
use super::view::SqliteView;
use crate::error::Fault;
use crate::snapshot::{Reader, Snapshot};

/// Idle reading connections. There are as many as were ever needed at the same time; whoever
/// asks sees to it that those are few.
pub(super) struct Readers {
    settings: Arc<Settings>,
    /// `None` once closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(settings: Arc<Settings>) -> Readers {
        Readers { settings, idle: Mutex::new(Some(Vec::new())) }
    }

    fn take(&self) -> Result<Connection, Fault> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = idle.as_mut().ok_or(Fault::Stopped)?.pop();
        drop(idle);
        let open = || self.settings.open_reader();
        connection.map_or_else(open, Ok).map_err(|error| Fault::Database(error.to_string()))
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(idle) = idle.as_mut() {
            idle.push(connection);
        }
    }
}

impl Reader for Readers {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot)) -> Result<(), Fault> {
        let connection = self.take()?;
        connection.prepare_cached("BEGIN")?.execute([])?;
        work(&SqliteView(&connection));
        connection.prepare_cached("COMMIT")?.execute([])?;
        self.give_back(connection);
        Ok(())
    }

    fn close(&self) {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(idle);
    }
}
