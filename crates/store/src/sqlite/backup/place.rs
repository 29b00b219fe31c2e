//! The file to be: under a name of its own until it is complete, then under its name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::BackupError;
use crate::publish::publish_file;
use crate::sqlite::connection::Settings;
use crate::sqlite::{files, location, shown};

/// What else SQLite may put beside a file.
const COMPANIONS: [&str; 4] = ["-wal", "-shm", "-journal", ".lock"];

/// A file that is being written; dropping it takes it away.
pub(super) struct Place {
    path: PathBuf,
    partial: Settings,
    /// Keeps others from writing the same file.
    file: File,
}

impl Place {
    /// Takes the name for this process and begins with an empty file beside it. What an earlier
    /// try has left there is thrown away.
    pub(super) fn reserve(to: &Settings) -> Result<Place, BackupError> {
        refuse_existing(to.path())?;
        let partial = to.at(&location::beside(to.path(), ".partial"));
        let io = |source| BackupError::Io { path: shown(partial.path()), source };
        let file = private().open(partial.path()).map_err(io)?;
        Place::take(to.path().to_owned(), partial, file)
    }

    /// Takes the opened file. Another process may have finished it before it could be locked, and
    /// then it is that one's backup, whatever name it has got.
    fn take(path: PathBuf, partial: Settings, file: File) -> Result<Place, BackupError> {
        let io = |source| BackupError::Io { path: shown(partial.path()), source };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::Busy(shown(&path))),
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        refuse_existing(&path)?;
        if !files::lies_at(&file, partial.path()).map_err(io)? {
            return Err(BackupError::Busy(shown(&path)));
        }
        file.set_len(0).map_err(io)?;
        remove_companions(partial.path());
        Ok(Place { path, partial, file })
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
    pub(super) fn publish(self) -> Result<(), BackupError> {
        self.publish_as(&self.path)
    }

    /// Keeps it under another name, as it may be the best there is; answers that name.
    pub(super) fn keep_damaged(self) -> Result<PathBuf, BackupError> {
        let path = location::beside(&self.path, ".damaged");
        self.publish_as(&path)?;
        Ok(path)
    }

    fn publish_as(&self, path: &Path) -> Result<(), BackupError> {
        remove_companions(self.partial.path());
        publish_file(&self.file, self.partial.path(), path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(shown(path)),
            _ => BackupError::Io { path: shown(path), source },
        })
    }
}

impl Drop for Place {
    /// An unfinished copy is of no use to anybody; if it cannot be taken away, the next try
    /// begins with it. One that was finished lies elsewhere.
    fn drop(&mut self) {
        if files::lies_at(&self.file, self.partial.path()).unwrap_or(false) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Who has opened the unfinished file and finds it finished does not touch it: not while it
    /// has its name, nor after it was moved on.
    #[test]
    fn what_another_has_finished_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::of(&folder.path().join("monday.backup"));
        let first = Place::reserve(&settings).unwrap();
        let (path, partial) = (first.path.clone(), first.partial.clone());
        fs::write(partial.path(), "a whole backup").unwrap();
        let late = || private().open(partial.path()).unwrap();
        let (second, third) = (late(), late());
        first.publish().unwrap();
        let told = Place::take(path.clone(), partial.clone(), second).err();
        assert!(matches!(told, Some(BackupError::Exists(_))), "{told:?}");
        let moved = folder.path().join("elsewhere");
        fs::rename(&path, &moved).unwrap();
        let told = Place::take(path, partial, third).err();
        assert!(matches!(told, Some(BackupError::Busy(_))), "{told:?}");
        assert_eq!(fs::read_to_string(&moved).unwrap(), "a whole backup");
    }
}
