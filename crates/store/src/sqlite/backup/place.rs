//! The file to be: under a name of its own until it is complete, then under its name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::BackupError;
use crate::sqlite::connection::Settings;
use crate::sqlite::{location, shown};

/// What else SQLite may put beside a file.
const COMPANIONS: [&str; 4] = ["-wal", "-shm", "-journal", ".lock"];

/// A file that is being written; dropping it takes it away.
pub(super) struct Place {
    path: PathBuf,
    partial: Settings,
    /// Keeps others from writing the same file.
    file: File,
    /// Whether it has got its name.
    published: bool,
}

impl Place {
    /// Takes the name for this process and begins with an empty file beside it. What an earlier
    /// try has left there is thrown away.
    pub(super) fn reserve(to: &Settings) -> Result<Place, BackupError> {
        let path = to.path().to_owned();
        refuse_existing(&path)?;
        let partial = to.at(&location::beside(&path, ".partial"));
        let io = |source| BackupError::Io { path: shown(partial.path()), source };
        let file = private().open(partial.path()).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(shown(&path))),
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        file.set_len(0).map_err(io)?;
        remove_companions(partial.path());
        Ok(Place { path, partial, file, published: false })
    }

    /// How to open the unfinished file.
    pub(super) fn settings(&self) -> &Settings {
        &self.partial
    }

    /// The name it is to get.
    pub(super) fn name(&self) -> String {
        shown(&self.path)
    }

    /// Syncs the file and gives it its name, unless somebody has taken that meanwhile.
    pub(super) fn publish(mut self) -> Result<(), BackupError> {
        let path = self.path.clone();
        self.move_to(&path)
    }

    /// Keeps it under another name, as it may be the best there is; answers that name.
    pub(super) fn keep_damaged(mut self) -> Result<PathBuf, BackupError> {
        let path = location::beside(&self.path, ".damaged");
        self.move_to(&path)?;
        Ok(path)
    }

    fn move_to(&mut self, path: &Path) -> Result<(), BackupError> {
        let io = |source| BackupError::Io { path: shown(path), source };
        self.file.sync_all().map_err(io)?;
        remove_companions(self.partial.path());
        rename_new(self.partial.path(), path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(shown(path)),
            _ => io(source),
        })?;
        self.published = true;
        File::open(location::folder(path)).and_then(|folder| folder.sync_all()).map_err(io)
    }
}

impl Drop for Place {
    /// An unfinished copy is of no use to anybody; if it cannot be taken away, the next try
    /// begins with it.
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(self.partial.path());
            remove_companions(self.partial.path());
        }
    }
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(BackupError::Exists(shown(path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(BackupError::Io { path: shown(path), source }),
    }
}

/// Readable by its owner alone: it holds names, telephone numbers and keys.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Most often there are none.
fn remove_companions(path: &Path) {
    for suffix in COMPANIONS {
        let _ = fs::remove_file(location::beside(path, suffix));
    }
}

/// Renames without replacing: a link fails where a rename would not. File systems without links
/// (memory sticks) get the next best.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}
