//! Page by page, within one view of the source.

use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{BackupError, Copying, Place, Progress};
use crate::error::Fault;
use crate::sqlite::connection::Settings;
use crate::sqlite::{location, shown};

/// Pages copied at a time: 1 MiB, so that progress is seen and a full disk is noticed.
const STEP_PAGES: i32 = 256;

/// How often a step may find the file taken, and how long to wait each time: half a minute.
const BUSY_TRIES_MAX: u32 = 300;
const BUSY_PAUSE: Duration = Duration::from_millis(100);

/// What was noticed on the way.
pub(super) struct Copied {
    /// How long the source's log became, in bytes.
    pub(super) log_length: u64,
}

/// Copies every page of `source` as it is at this moment.
pub(super) fn pages(
    source: &Connection,
    from: &Settings,
    place: &Place,
    copying: &mut Copying<'_>,
) -> Result<Copied, BackupError> {
    // The first look opens the view; only its end lets the log be folded in again.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
    let page_size: u64 = source.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages: u64 = source.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let needed = (pages * page_size).saturating_add(copying.keep_free_bytes);
    refuse_small_disk(place, needed)?;
    let mut target = place.settings().open_copy()?;
    let mut copied = Copied { log_length: 0 };
    let backup = Backup::new(source, &mut target)?;
    let mut busy = 0;
    let mut ended = false;
    while !ended {
        match backup.step(STEP_PAGES)? {
            StepResult::Done => ended = true,
            StepResult::More => busy = 0,
            _ if busy < BUSY_TRIES_MAX => {
                busy += 1;
                std::thread::sleep(BUSY_PAUSE);
            }
            other => {
                let problem = format!("the file could not be read: {other:?}");
                return Err(Fault::Database(problem).into());
            }
        }
        let progress = backup.progress();
        let count = |pages| u64::try_from(pages).unwrap_or(0) * page_size;
        let total = count(progress.pagecount);
        let done = total.saturating_sub(count(progress.remaining));
        (copying.progress)(Progress::Copying { done, total });
        copied.log_length = copied.log_length.max(watch_log(from, copying.keep_free_bytes)?);
    }
    drop(backup);
    source.execute_batch("COMMIT")?;
    Ok(copied)
}

fn refuse_small_disk(place: &Place, needed: u64) -> Result<(), BackupError> {
    match location::free_bytes(place.settings().path()) {
        Some(free) if free < needed => {
            Err(BackupError::NoRoom { path: place.name(), needed, free })
        }
        _ => Ok(()),
    }
}

/// Answers the log's length, or gives up when the disk has little room left.
fn watch_log(from: &Settings, keep_free_bytes: u64) -> Result<u64, BackupError> {
    let log = location::beside(from.path(), "-wal");
    let log_length = std::fs::metadata(log).map_or(0, |file| file.len());
    match location::free_bytes(from.path()) {
        Some(free) if free < keep_free_bytes => {
            Err(BackupError::LogGrew { path: shown(from.path()), free, log_length })
        }
        _ => Ok(log_length),
    }
}
