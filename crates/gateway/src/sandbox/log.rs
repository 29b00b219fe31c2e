//! The file that outlives the sandbox: one line of JSON for each request.
//!
//! "Written" means handed to the system with one write call, not synced: the log must survive
//! the death of any process, which is what crash tests do to it, and not the loss of power.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::SandboxError;
use super::line::LogLine;

/// The longest line of a log, in bytes: several times what the longest key can make of one.
const LINE_LENGTH_MAX: u64 = 16 * 1024;

/// An open log, locked against other processes.
pub(super) struct Log {
    file: File,
    path: PathBuf,
    /// After a failed write nobody knows what the file holds, so nothing more is written.
    failed: bool,
}

impl Log {
    /// Opens the log and hands each of its lines to `take`. A last line that was not written
    /// to its end belongs to a request that nobody got an answer to: it is cut off.
    ///
    /// # Errors
    /// [`SandboxError`] when the file is in use, or cannot be opened or read.
    pub(super) fn open(path: &Path, take: impl FnMut(LogLine)) -> Result<Log, SandboxError> {
        let unusable = |source| SandboxError::LogUnusable { path: path.to_owned(), source };
        let options = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = options.map_err(unusable)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => SandboxError::LogInUse { path: path.to_owned() },
            TryLockError::Error(source) => unusable(source),
        })?;
        let whole_length = read_lines(&file, path, take)?;
        file.set_len(whole_length).map_err(unusable)?;
        Ok(Log { file, path: path.to_owned(), failed: false })
    }

    /// Writes whole lines with one call.
    ///
    /// # Errors
    /// [`SandboxError::LogUnusable`] now and ever after, once a write has failed.
    pub(super) fn write(&mut self, lines: &[u8]) -> Result<(), SandboxError> {
        let written = if self.failed {
            Err(std::io::Error::other("an earlier write failed"))
        } else {
            self.file.write_all(lines)
        };
        written.map_err(|source| {
            self.failed = true;
            SandboxError::LogUnusable { path: self.path.clone(), source }
        })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads the log of a sandbox that runs or has ended.
///
/// # Errors
/// [`SandboxError`] when the file cannot be read or is not a sandbox's log.
pub fn read_log(path: &Path) -> Result<Vec<LogLine>, SandboxError> {
    let unusable = |source| SandboxError::LogUnusable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unusable)?;
    let mut lines = Vec::new();
    read_lines(&file, path, |line| lines.push(line))?;
    Ok(lines)
}

/// Reads all whole lines; tells where the last of them ends.
fn read_lines(
    mut file: &File,
    path: &Path,
    mut take: impl FnMut(LogLine),
) -> Result<u64, SandboxError> {
    let unusable = |source| SandboxError::LogUnusable { path: path.to_owned(), source };
    file.seek(SeekFrom::Start(0)).map_err(unusable)?;
    let mut reader = BufReader::new(file);
    let mut text = Vec::new();
    let mut whole_length = 0;
    for line in 1.. {
        text.clear();
        let mut bounded = (&mut reader).take(LINE_LENGTH_MAX);
        let length = bounded.read_until(b'\n', &mut text).map_err(unusable)?;
        if bounded.limit() > 0 && !text.ends_with(b"\n") {
            break;
        }
        let unreadable = |_| SandboxError::LogUnreadable { path: path.to_owned(), line };
        take(serde_json::from_slice(&text).map_err(unreadable)?);
        whole_length += length as u64;
    }
    Ok(whole_length)
}
