//! The engine on SQLite: one file, one process, one writing connection.
//!
//! Write-ahead log with `synchronous=FULL`: a commit appends to the log and syncs it. The log is
//! folded into the file in small, frequent steps between two batches ([`CHECKPOINT_PAGES`]), so
//! that no answer waits for a large one.

pub mod backup;
pub mod check;
mod connection;
mod engine;
mod files;
mod location;
mod read;
mod readers;
mod rows;
mod statements;
mod view;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::connection::{CHECKPOINT_PAGES, PAGE_SIZE_BYTES, Settings};
pub use self::engine::SqliteEngine;
use self::readers::Readers;
use crate::error::OpenError;
use crate::migrate;
use crate::options::Options;
use crate::snapshot::Reader;
use crate::store::{Backend, Store};

impl Store {
    /// Opens the database at `path`, or creates it.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub fn sqlite(path: &Path, options: Options) -> Result<Store, OpenError> {
        let mut settings = Settings::of(path);
        if let Some(delay) = options.sync_delay {
            let layer = store_vfs::register_delay(delay);
            settings =
                settings.through(layer.map_err(|error| OpenError::Database(error.to_string()))?);
        }
        let (engine, readers) = open(settings)?;
        Store::start(Backend::single(engine, readers), options)
    }
}

/// Opens or creates a database: the one writing connection, and readers.
///
/// # Errors
/// [`OpenError`], which says what to do.
pub fn open(settings: Settings) -> Result<(SqliteEngine, Arc<dyn Reader>), OpenError> {
    let settings = Arc::new(settings);
    location::refuse_network(&settings.path)?;
    let lock = location::Lock::take(&settings.path)?;
    let mut connection = settings.open_writer()?;
    migrate::migrate(&mut connection, migrate::SQLITE)?;
    let readers = Arc::new(Readers::new(Arc::clone(&settings)));
    Ok((SqliteEngine::new(connection, settings, lock), readers))
}

fn shown(path: &Path) -> String {
    PathBuf::from(path).display().to_string()
}
