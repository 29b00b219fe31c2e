//! Where the file may lie, and whose it is while it is open.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::shown;
use crate::error::OpenError;
use crate::publish::folder;

/// File systems behind a network, by the number the system reports, on which neither locks nor
/// shared memory can be relied upon. FUSE may be local, but nobody can tell.
#[cfg(target_os = "linux")]
const NETWORK_FILE_SYSTEMS: &[(i128, &str)] = &[
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB2"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9P"),
    (0x5346_414F, "AFS"),
    (0x00C3_6400, "Ceph"),
    (0x7375_7245, "Coda"),
    (0x0BD0_0BD0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x1983_0326, "BeeGFS"),
    (0x786F_4256, "VirtualBox share"),
];

/// Refuses a folder on a network file system.
#[cfg(target_os = "linux")]
pub(super) fn refuse_network(path: &Path) -> Result<(), OpenError> {
    let status = rustix::fs::statfs(folder(path))
        .map_err(|error| OpenError::Io { path: shown(path), source: error.into() })?;
    // The field's width and sign differ between machines; the numbers have 32 bits.
    let number = i128::from(status.f_type) & 0xFFFF_FFFF;
    match NETWORK_FILE_SYSTEMS.iter().find(|(known, _)| *known == number) {
        Some((_, kind)) => Err(OpenError::NetworkFileSystem { path: shown(path), kind }),
        None => Ok(()),
    }
}

/// Other systems do not tell in a way worth the trouble.
#[cfg(not(target_os = "linux"))]
pub(super) fn refuse_network(_path: &Path) -> Result<(), OpenError> {
    Ok(())
}

/// The file whose name goes on with `suffix`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// How many bytes may still be written where this file lies; `None` where nobody can tell.
#[cfg(target_os = "linux")]
pub(super) fn free_bytes(path: &Path) -> Option<u64> {
    let status = rustix::fs::statvfs(folder(path)).ok()?;
    Some(status.f_bavail.saturating_mul(status.f_frsize))
}

/// Other systems do not tell in a way worth the trouble.
#[cfg(not(target_os = "linux"))]
pub(super) fn free_bytes(_path: &Path) -> Option<u64> {
    None
}

/// The file that keeps other processes away, and says whether a log belongs to the database.
///
/// The lock is the system's own, so it ends with the process however that ends; the mark in the
/// file outlives it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    marked: bool,
}

/// Refuses a database whose log is gone; answers whether there has to be one. Whoever opens such a
/// database, even to read, makes an empty log, and nobody would notice the loss any more.
pub(super) fn refuse_missing_log(path: &Path) -> Result<bool, OpenError> {
    let (lock, log) = (beside(path, ".lock"), beside(path, "-wal"));
    let marked = lock.metadata().is_ok_and(|file| file.len() > 0);
    if marked && path.exists() && !log.exists() {
        return Err(OpenError::LogMissing(shown(&log), shown(&lock)));
    }
    Ok(marked)
}

/// What the file says while there are commits that only the log holds.
const MARK: &[u8] = b"the newest sales are in the log (-wal)\n";

impl Lock {
    /// Takes the database for this process.
    pub(super) fn take(path: &Path) -> Result<Lock, OpenError> {
        let lock_path = beside(path, ".lock");
        let io = |source| OpenError::Io { path: shown(&lock_path), source };
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).read(true).write(true).open(&lock_path);
        let file = file.map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(shown(path))),
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        let marked = refuse_missing_log(path)?;
        Ok(Lock { file, marked })
    }

    /// From now on the log is needed; costs nothing the second time. Comes after the first
    /// commit, whose sync has made the log's name durable.
    pub(super) fn mark(&mut self) -> std::io::Result<()> {
        if self.marked {
            return Ok(());
        }
        (&self.file).write_all(MARK)?;
        self.marked = true;
        Ok(())
    }

    /// The log has been folded in whole and may go.
    pub(super) fn clear(&mut self) -> std::io::Result<()> {
        self.marked = false;
        self.file.set_len(0)
    }
}
