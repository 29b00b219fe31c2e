//! A copy of a database that sells meanwhile, and a database made of such a copy.
//!
//! The copy is made page by page within one read transaction of a connection of its own: in a
//! write-ahead log that transaction sees one moment, however much is sold meanwhile, so the copy
//! never begins again and ends. The price is that the log cannot be folded in while it lasts;
//! it grows by what is sold, and the copy gives up before that fills the disk.
//!
//! A backup is one file: an ordinary database without a log, in which a table holds the small
//! files (keys) without which the database is of little use.

mod copy;
mod place;
mod restore;

use std::io;
use std::path::Path;

use domain::time::Timestamp;
use rusqlite::Connection;

use self::place::Place;
pub use self::restore::{Restored, restore};
use super::connection::Settings;
use super::{readers, shown};
use crate::attachment::Attachment;
use crate::clock::Clock;
use crate::error::{Fault, OpenError};
use crate::migrate;
use crate::numbers::SkipError;
use crate::queries::check::{self, CheckReport};
use crate::snapshot::Reader as _;
use crate::sums::{LedgerSum, ledger_sums};

/// How much room a copy leaves on the disks it uses, in bytes: selling needs it.
pub const KEEP_FREE_BYTES: u64 = 256 << 20;

/// What stands in a backup and not in a database.
const TABLES: &str = "
    DROP TABLE IF EXISTS backup;
    DROP TABLE IF EXISTS backup_file;
    CREATE TABLE backup (taken_at INTEGER NOT NULL) STRICT;
    CREATE TABLE backup_file (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;";

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many bytes are copied.
    Copying {
        /// Bytes copied.
        done: u64,
        /// All bytes.
        total: u64,
    },
    /// The copy is being checked.
    Checking,
}

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// How long it is, in bytes.
    pub length: u64,
    /// The moment it shows.
    pub taken_at: Timestamp,
    /// What the check has counted; it found nothing wrong.
    pub check: CheckReport,
    /// What the books add up to.
    pub sums: Vec<LedgerSum>,
}

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it holds.
    pub contents: Contents,
    /// How long the source's log became meanwhile, in bytes.
    pub log_length: u64,
}

/// Why there is no backup, or no database made of one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is there already.
    #[error("{0} is there already and is never replaced; choose another name")]
    Exists(String),
    /// Somebody else writes the same file at this moment.
    #[error("{0} is being written by another process; wait for it or choose another name")]
    Busy(String),
    /// There is no room for the copy.
    #[error(
        "{path} needs {needed} bytes and the disk has {free}; free some or choose another disk"
    )]
    NoRoom {
        /// The file to be written.
        path: String,
        /// Its length, and what is left free for selling.
        needed: u64,
        /// What the disk has.
        free: u64,
    },
    /// The disk of the database is nearly full, because the log grows during a copy.
    #[error(
        "stopped so that selling can go on: the disk of {path} has {free} bytes left and its log \
         has grown to {log_length}; free some, or try again when less is sold"
    )]
    LogGrew {
        /// The database.
        path: String,
        /// What the disk has.
        free: u64,
        /// How long the log is, in bytes.
        log_length: u64,
    },
    /// The copy does not hold together.
    #[error("{path} does not hold together: {}", .findings.join(" "))]
    Damaged {
        /// Which file; kept, as it may be the best there is.
        path: String,
        /// What is wrong, some of it.
        findings: Vec<String>,
    },
    /// A database, but no backup.
    #[error("{0} was not made by `guichet backup`; choose another file")]
    NotABackup(String),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The published numbers cannot be skipped.
    #[error(transparent)]
    Skip(#[from] SkipError),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The file system said no.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> BackupError {
        BackupError::Fault(error.into())
    }
}

/// How a copy is made.
pub struct Copying<'a> {
    /// Tells when the copy was made.
    pub clock: &'a dyn Clock,
    /// How much room to leave on the disks, [`KEEP_FREE_BYTES`] unless told otherwise.
    pub keep_free_bytes: u64,
    /// Hears how far it is.
    pub progress: &'a mut dyn FnMut(Progress),
}

/// Copies the database `from`, which others may use meanwhile, into the new file `to`, together
/// with what `attachments` finds. The file appears under its name when it is complete, synced
/// and checked.
///
/// # Errors
/// [`BackupError`]; no file of that name is left behind.
pub fn backup(
    from: &Settings,
    to: &Settings,
    copying: &mut Copying<'_>,
    attachments: impl FnOnce() -> io::Result<Vec<Attachment>>,
) -> Result<Taken, BackupError> {
    let place = Place::reserve(to)?;
    let source = from.open_beside()?;
    let taken_at = copying.clock.now();
    let copied = copy::pages(&source, from, &place, copying)?;
    drop(source);
    let attachments =
        attachments().map_err(|source| BackupError::Io { path: shown(from.path()), source })?;
    finish(&place, taken_at, &attachments)?;
    (copying.progress)(Progress::Checking);
    let contents = match examine(place.settings(), taken_at) {
        Err(BackupError::Damaged { findings, .. }) => {
            return Err(BackupError::Damaged { path: shown(&place.keep_damaged()?), findings });
        }
        contents => contents?,
    };
    place.publish()?;
    Ok(Taken { contents, log_length: copied.log_length })
}

/// Makes the copied pages a file of their own, of today's schema, with what belongs to it.
fn finish(place: &Place, at: Timestamp, attachments: &[Attachment]) -> Result<(), BackupError> {
    let mut copy = open_finished(place)?;
    let transaction = copy.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.execute("INSERT INTO backup VALUES (?1)", [at.0])?;
    for file in attachments {
        let row = (file.name(), file.bytes());
        transaction.execute("INSERT INTO backup_file VALUES (?1, ?2)", row)?;
    }
    Ok(transaction.commit()?)
}

/// The copy without a log, brought to today's schema.
fn open_finished(place: &Place) -> Result<Connection, BackupError> {
    let mut copy = place.settings().open_copy()?;
    let mode: String = copy.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(OpenError::Setting(format!("journal_mode = DELETE (it says {mode})")).into());
    }
    migrate::migrate(&mut copy, migrate::SQLITE)?;
    Ok(copy)
}

/// Checks a copy and adds up what is in it.
fn examine(copy: &Settings, taken_at: Timestamp) -> Result<Contents, BackupError> {
    let readers = readers::Readers::new(std::sync::Arc::new(copy.clone()));
    let mut answer = Err(Fault::Stopped);
    readers.read(&mut |view| {
        answer = check::check(view).and_then(|check| Ok((check, ledger_sums(view)?)));
    })?;
    let (check, sums) = answer?;
    if !check.findings.is_empty() {
        let findings = check.findings.into_iter().take(FINDINGS_SHOWN_MAX).collect();
        return Err(BackupError::Damaged { path: shown(copy.path()), findings });
    }
    Ok(Contents { length: length_of(copy.path())?, taken_at, check, sums })
}

/// How many findings an error spells out.
const FINDINGS_SHOWN_MAX: usize = 10;

fn length_of(path: &Path) -> Result<u64, BackupError> {
    let found = std::fs::metadata(path).map(|file| file.len());
    found.map_err(|source| BackupError::Io { path: shown(path), source })
}
