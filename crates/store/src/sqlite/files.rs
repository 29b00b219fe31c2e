//! Whether the files on disk are still those that were opened.
//!
//! A file that is deleted or replaced lives on for whoever has it open: commits would go on, be
//! synced, be answered, and be gone with the process. So after each commit, before anybody is
//! answered, a look at the folder costs a few microseconds.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::location;

/// What a file is called beside its name: device and number in it.
type Identity = (u64, u64);

/// The files of a database as they were when it was opened.
#[derive(Debug, Default)]
pub(super) struct Files {
    known: Vec<(PathBuf, Identity)>,
}

impl Files {
    /// Notes which files there are now.
    pub(super) fn of(path: &Path) -> Files {
        let names = ["", "-wal", "-shm"].map(|suffix| location::beside(path, suffix));
        let known = names.into_iter().filter_map(|name| identity(&name).map(|id| (name, id)));
        Files { known: known.collect() }
    }

    /// The first that is gone or another now.
    pub(super) fn missing(&self) -> Option<&Path> {
        let gone = self.known.iter().find(|(name, id)| identity(name) != Some(*id));
        gone.map(|(name, _)| name.as_path())
    }
}

/// Whether the open `file` is the one that lies at `path` now.
pub(super) fn lies_at(file: &File, path: &Path) -> io::Result<bool> {
    Ok(identity(path) == Some(identity_of(&file.metadata()?)))
}

fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(|file| identity_of(&file))
}

#[cfg(unix)]
fn identity_of(file: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (file.dev(), file.ino())
}

/// Elsewhere open files cannot be deleted.
#[cfg(not(unix))]
fn identity_of(_file: &Metadata) -> Identity {
    (0, 0)
}
