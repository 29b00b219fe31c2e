//! The keys of an installation's folder, which belong into every copy of its database: without
//! them tickets cannot be shown again and repeated card orders are refused.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use server::keys::write_new;
use store::{ATTACHMENTS_MAX, Attachment};

/// How a key file's name ends.
const EXTENSION: &str = "key";

/// Every key of a folder, by name.
pub(crate) fn read(folder: &Path) -> io::Result<Vec<Attachment>> {
    let mut keys = Vec::new();
    for path in paths(folder)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let key = Attachment::new(name.to_owned(), fs::read(&path)?);
        keys.push(key.ok_or_else(|| strange(&path))?);
    }
    Ok(keys)
}

fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            paths.push(path);
        }
        if paths.len() > ATTACHMENTS_MAX {
            return Err(strange(folder));
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

fn strange(path: &Path) -> io::Error {
    io::Error::other(format!("{} is no key of this program; move it away", path.display()))
}

/// Puts keys into a folder. One that is there already must be the same.
pub(crate) fn write(folder: &Path, keys: &[Attachment]) -> io::Result<()> {
    for key in keys {
        let path = folder.join(key.name());
        match fs::read(&path) {
            Ok(there) if there == key.bytes() => {}
            Ok(_) => {
                let text = format!("{} is another key; choose an empty folder", path.display());
                return Err(io::Error::other(text));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => write_new(&path, key.bytes())?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that cannot be written whole is not there at all, and what an earlier try has left
    /// is no part of the next one's.
    #[test]
    fn a_key_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let keys = [Attachment::new("scan-code.key".to_owned(), vec![7; 32]).unwrap()];
        let (path, beside) =
            (folder.path().join("scan-code.key"), folder.path().join("scan-code.key.new"));
        fs::create_dir(&beside).unwrap();
        write(folder.path(), &keys).unwrap_err();
        assert!(!path.exists());
        fs::remove_dir(&beside).unwrap();
        fs::write(&beside, [1; 99]).unwrap();
        write(folder.path(), &keys).unwrap();
        assert_eq!(fs::read(&path).unwrap(), keys[0].bytes());
        assert!(!beside.exists());
        assert_eq!(read(folder.path()).unwrap(), keys);
    }
}
