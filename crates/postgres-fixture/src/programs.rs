//! Finding PostgreSQL's programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::FixtureError;
use crate::account::Account;

/// The variable that names the folder of the programs and ends the search.
const VARIABLE: &str = "GUICHET_POSTGRES_BIN";
/// How deep below the tools folder the programs may be.
const DEPTH_MAX: usize = 6;

/// The folder of the programs, and whose account they run under.
pub(crate) struct Programs {
    folder: PathBuf,
    /// Folders of shared libraries that came with them; empty for installed ones.
    libraries: Vec<PathBuf>,
    account: Account,
}

impl Programs {
    /// Looks at the variable alone if it is set; otherwise on the path, then where Debian installs,
    /// then where `cargo xtask test` unpacks.
    pub(crate) fn find() -> Result<Programs, FixtureError> {
        let folder = match env::var_os(VARIABLE) {
            Some(folder) => complete(Path::new(&folder)),
            None => on_path().or_else(installed).or_else(fetched),
        };
        let folder = folder.ok_or(FixtureError::Missing)?;
        let libraries = libraries(&folder);
        Ok(Programs { folder, libraries, account: Account::find()? })
    }

    /// A command that does not run as root, and speaks English.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.folder.join(program));
        self.account.apply(&mut command);
        command.env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGOPTIONS");
        if let Ok(paths) = env::join_paths(&self.libraries)
            && !self.libraries.is_empty()
        {
            command.env("LD_LIBRARY_PATH", paths);
        }
        command
    }

    /// Whose the files are.
    pub(crate) fn account(&self) -> &Account {
        &self.account
    }
}

/// The folder itself, links followed, if it holds what a server needs.
fn complete(folder: &Path) -> Option<PathBuf> {
    let initdb = fs::canonicalize(folder.join("initdb")).ok()?;
    let folder = initdb.parent()?;
    let needed = ["initdb", "postgres", "pg_basebackup"];
    needed.iter().all(|name| folder.join(name).is_file()).then(|| folder.to_owned())
}

fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).find_map(|folder| complete(&folder))
}

/// Debian's folders; the newest version first.
fn installed() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = folders(Path::new("/usr/lib/postgresql"))
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path)))
        .collect();
    versions.sort();
    versions.iter().rev().find_map(|(_, path)| complete(&path.join("bin")))
}

fn fetched() -> Option<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    below(&target.join("tools/postgresql"), DEPTH_MAX)
}

fn below(folder: &Path, depth: usize) -> Option<PathBuf> {
    let here = complete(&folder.join("bin"));
    let deeper = || folders(folder).find_map(|path| below(&path, depth - 1));
    here.or_else(|| if depth == 0 { None } else { deeper() })
}

fn folders(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|it| it.path())
}

/// The library folders of an unpacked package: `usr/lib/<machine>` beside `usr/lib/postgresql`.
fn libraries(folder: &Path) -> Vec<PathBuf> {
    let unpacked = folder.ancestors().find(|path| path.ends_with("tools/postgresql"));
    let Some(unpacked) = unpacked else { return Vec::new() };
    let roots = [unpacked.join("usr/lib"), unpacked.join("lib")];
    let machines = roots.iter().flat_map(|root| folders(root));
    machines.filter(|path| !path.ends_with("postgresql")).collect()
}
