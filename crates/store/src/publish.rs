//! A file that appears under its name when it is whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Gives `file`, which was written at `partial`, its name `path` in the same folder, so that a
/// crash leaves a whole file of that name or none. Nothing is replaced.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when there is something at `path`; whatever the system says.
pub fn publish_file(file: &File, partial: &Path, path: &Path) -> io::Result<()> {
    file.sync_all()?;
    rename_new(partial, path)?;
    File::open(folder(path))?.sync_all()
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

/// The folder in which a file lies.
pub(crate) fn folder(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}
