//! A database made of a backup.

use std::io;
use std::path::Path;

use domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use super::{BackupError, Contents, Copying, Place, Progress, copy, examine, open_finished};
use crate::attachment::{ATTACHMENT_LENGTH_MAX, ATTACHMENTS_MAX, Attachment};
use crate::engine::{Engine, EngineError};
use crate::error::Fault;
use crate::numbers::skip_numbers;
use crate::sqlite::connection::Settings;
use crate::sqlite::shown;
use crate::store::Backend;

/// A database that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What it holds.
    pub contents: Contents,
    /// How many of the small files came with it.
    pub attachments: usize,
}

/// Makes the new database `to` of the backup `from`, hands the small files to `unpack`, and
/// skips `numbers` published numbers of each kind. The database appears under its name when it
/// is complete, synced and checked.
///
/// # Errors
/// [`BackupError`]; no database of that name is left behind.
pub fn restore(
    from: &Settings,
    to: &Settings,
    numbers: u32,
    copying: &mut Copying<'_>,
    unpack: impl FnOnce(&[Attachment]) -> io::Result<()>,
) -> Result<Restored, BackupError> {
    let place = Place::reserve(to)?;
    let source = from.open_beside()?;
    let Some(taken_at) = taken_at(&source)? else {
        return Err(BackupError::NotABackup(shown(from.path())));
    };
    copy::pages(&source, from, &place, copying)?;
    drop(source);
    let attachments = take_out(&place)?;
    (copying.progress)(Progress::Checking);
    let contents =
        examine(place.settings(), taken_at).map_err(|error| blame(error, from.path()))?;
    leave_out(&place, numbers, taken_at)?;
    unpack(&attachments).map_err(|source| BackupError::Io { path: place.name(), source })?;
    place.publish()?;
    Ok(Restored { contents, attachments: attachments.len() })
}

/// When it was taken, or nothing if it is no backup.
fn taken_at(source: &Connection) -> Result<Option<Timestamp>, BackupError> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'backup'";
    if source.query_row(sql, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    let taken_at = source.query_row("SELECT taken_at FROM backup", [], |row| row.get(0));
    Ok(taken_at.optional()?.map(Timestamp))
}

/// Takes the small files out of the copy.
fn take_out(place: &Place) -> Result<Vec<Attachment>, BackupError> {
    let copy = open_finished(place)?;
    let mut statement = copy.prepare(
        "SELECT name, body FROM backup_file WHERE length(body) <= ?1 ORDER BY name LIMIT ?2",
    )?;
    let limits = (ATTACHMENT_LENGTH_MAX, ATTACHMENTS_MAX);
    let rows = statement.query_map(limits, |row| Ok(Attachment::new(row.get(0)?, row.get(1)?)))?;
    let attachments = rows.collect::<Result<Option<Vec<_>>, _>>()?;
    let unsound = || BackupError::NotABackup(place.name());
    let attachments = attachments.ok_or_else(unsound)?;
    drop(statement);
    copy.execute_batch("DROP TABLE backup; DROP TABLE backup_file")?;
    Ok(attachments)
}

fn leave_out(place: &Place, numbers: u32, now: Timestamp) -> Result<(), BackupError> {
    let (engine, reader) = crate::sqlite::open(place.settings().clone())?;
    let mut backend = Backend::single(engine, reader);
    let skipped = skip_numbers(&mut backend, numbers, now);
    backend.reader.close();
    skipped?;
    let closed = backend.engines.iter_mut().try_for_each(Engine::close);
    closed.map_err(|error: EngineError| Fault::from(error).into())
}

/// What is wrong with the copy is wrong with the backup.
fn blame(error: BackupError, backup: &Path) -> BackupError {
    match error {
        BackupError::Damaged { findings, .. } => {
            BackupError::Damaged { path: shown(backup), findings }
        }
        other => other,
    }
}
