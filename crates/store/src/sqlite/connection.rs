//! Opening connections, with every setting read back: durability rests on them.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::location::refuse_missing_log;
use super::shown;
use crate::error::OpenError;

/// The size of a page of a new file, in bytes.
pub const PAGE_SIZE_BYTES: u32 = 4_096;

/// The log is folded into the file when it is this many pages long: 8 MB.
///
/// Measured with 60 000 orders, 256 in flight: at 1 000 pages an order cost the lane 69 µs, at
/// 2 000 64 µs, at 4 000 65 µs; the longer the log, the longer the pause while it is folded in.
pub const CHECKPOINT_PAGES: u32 = 2_000;

/// Marks a file as ours: "Guic".
const APPLICATION_ID: i64 = 0x4775_6963;

/// How much of the file the writing connection keeps in memory, in KiB.
///
/// Not more: whenever SQLite reorders the pages of an index, it sweeps its whole table of pages
/// at the next commit. Measured with 60 000 orders: 64 MiB 9 800 orders/s in the lane, 16 MiB
/// 12 300, 8 and 4 MiB 12 000.
const WRITER_CACHE_KIB: i64 = 16_384;

/// The same for each reader.
const READER_CACHE_KIB: i64 = 8_192;

/// How long to wait for a lock that only an outsider (a person's console) can hold.
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// Each kind of aggregate has four statements, and there are a few more.
const STATEMENTS_MAX: usize = 128;

const READ_ONLY: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The file.
    pub(super) path: PathBuf,
    /// The layer to go through, by its registered name; the system's own when `None`.
    layer: Option<String>,
    /// Whether a commit waits for the disk.
    synchronous: Synchronous,
}

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Synchronous {
    /// Every commit does.
    Full,
    /// None does: only for the test that shows that such a thing would be noticed.
    #[cfg(feature = "testing")]
    Off,
}

impl Synchronous {
    fn pragma(self) -> &'static str {
        match self {
            Synchronous::Full => "2",
            #[cfg(feature = "testing")]
            Synchronous::Off => "0",
        }
    }
}

impl Settings {
    /// The usual settings for the file at `path`.
    #[must_use]
    pub fn of(path: &Path) -> Settings {
        Settings { path: path.to_owned(), layer: None, synchronous: Synchronous::Full }
    }

    /// Goes through a layer of `store-vfs`, by its registered name.
    #[must_use]
    pub fn through(self, layer: String) -> Settings {
        Settings { layer: Some(layer), ..self }
    }

    /// The same way to another file.
    #[must_use]
    pub fn at(&self, path: &Path) -> Settings {
        Settings { path: path.to_owned(), ..self.clone() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Plants a fault: commits do not wait for the disk, and a power cut takes them back.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn without_sync(self) -> Settings {
        Settings { synchronous: Synchronous::Off, ..self }
    }

    /// The lane's connection; creates the file if there is none.
    ///
    /// After a crash the log may hold a commit whose sync never came, and SQLite counts it as
    /// one: it is synced before anybody can be told of it.
    pub(super) fn open_writer(&self) -> Result<Connection, OpenError> {
        let connection = self.connect(
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        self.recognise(&connection)?;
        settle(&connection, WRITER_CACHE_KIB)?;
        set(&connection, "journal_mode", "WAL", "wal")?;
        let synchronous = self.synchronous.pragma();
        set(&connection, "synchronous", synchronous, synchronous)?;
        set(&connection, "wal_autocheckpoint", "0", "0")?;
        fold_log(&connection, "PASSIVE")?;
        Ok(connection)
    }

    /// A connection that cannot write.
    pub(super) fn open_reader(&self) -> Result<Connection, OpenError> {
        let connection = self.connect(READ_ONLY)?;
        settle(&connection, READER_CACHE_KIB)?;
        Ok(connection)
    }

    /// A connection beside the process that writes, which cannot write itself.
    pub(super) fn open_beside(&self) -> Result<Connection, OpenError> {
        refuse_missing_log(&self.path)?;
        let connection = self.connect(READ_ONLY)?;
        self.refuse_foreign(&connection)?;
        settle(&connection, READER_CACHE_KIB)?;
        Ok(connection)
    }

    /// A connection for copying pages to. Nobody else opens the file meanwhile, so that it needs
    /// no shared memory and may lie anywhere.
    pub(super) fn open_copy(&self) -> Result<Connection, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = self.connect(flags)?;
        set(&connection, "locking_mode", "EXCLUSIVE", "exclusive")?;
        let synchronous = self.synchronous.pragma();
        set(&connection, "synchronous", synchronous, synchronous)?;
        Ok(connection)
    }

    fn connect(&self, flags: OpenFlags) -> Result<Connection, OpenError> {
        Ok(match &self.layer {
            Some(layer) => Connection::open_with_flags_and_vfs(&self.path, flags, layer.as_str()),
            None => Connection::open_with_flags(&self.path, flags),
        }?)
    }

    /// Marks an empty file as ours, and refuses somebody else's.
    fn recognise(&self, connection: &Connection) -> Result<(), OpenError> {
        if self.marks(connection)? == (0, 0) {
            let size = PAGE_SIZE_BYTES.to_string();
            set(connection, "page_size", &size, &size)?;
            connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        }
        self.refuse_foreign(connection)
    }

    fn refuse_foreign(&self, connection: &Connection) -> Result<(), OpenError> {
        match self.marks(connection)? {
            (APPLICATION_ID, _) => Ok(()),
            _ => Err(OpenError::Foreign(shown(&self.path))),
        }
    }

    /// Whose the file says it is, and how many tables it has.
    fn marks(&self, connection: &Connection) -> Result<(i64, i64), OpenError> {
        let tables =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
        let tables: i64 = tables.map_err(|error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign(shown(&self.path)),
            _ => error.into(),
        })?;
        let id = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        Ok((id, tables))
    }
}

/// What concerns every connection.
fn settle(connection: &Connection, cache_kib: i64) -> Result<(), OpenError> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    let cache_kib = format!("-{cache_kib}");
    set(connection, "cache_size", &cache_kib, &cache_kib)?;
    set(connection, "temp_store", "2", "2")?;
    set(connection, "trusted_schema", "0", "0")
}

/// Syncs the log and moves what it holds into the file, as far as readers allow; how far they
/// have to allow it is up to `mode`. Answers whether it was prevented from moving all.
pub(super) fn fold_log(connection: &Connection, mode: &str) -> rusqlite::Result<bool> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(0))
}

/// Sets a pragma and reads it back.
fn set(connection: &Connection, name: &str, value: &str, expected: &str) -> Result<(), OpenError> {
    connection.execute_batch(&format!("PRAGMA {name} = {value}"))?;
    let taken: rusqlite::types::Value =
        connection.pragma_query_value(None, name, |row| row.get(0))?;
    let taken = match taken {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    };
    if taken == expected {
        return Ok(());
    }
    Err(OpenError::Setting(format!("{name} = {value} (it says {taken})")))
}
