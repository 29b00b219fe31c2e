//! The account a server runs under: PostgreSQL refuses to run as root.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::FixtureError;

/// Accounts without rights, in the order in which they are tried.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// Whose the server's files and processes are.
pub(crate) struct Account {
    /// User and group, if we are root; otherwise we are the owner.
    ids: Option<(u32, u32)>,
}

impl Account {
    /// Our own account, unless that is root.
    pub(crate) fn find() -> Result<Account, FixtureError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Account { ids: None });
        }
        let accounts = fs::read_to_string("/etc/passwd")
            .map_err(FixtureError::system("read /etc/passwd to find an account besides root"))?;
        let ids = NAMES.iter().find_map(|name| ids_of(&accounts, name));
        let none = || std::io::Error::other("there is neither `postgres` nor `nobody`");
        ids.ok_or_else(none)
            .map(|ids| Account { ids: Some(ids) })
            .map_err(FixtureError::system("run a server as root"))
    }

    /// Makes a command run under the account.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
    }

    /// Gives a file or folder to the account.
    pub(crate) fn give(&self, path: &Path) -> Result<(), FixtureError> {
        let Some((user, group)) = self.ids else { return Ok(()) };
        chown(path, Some(user), Some(group))
            .map_err(FixtureError::system(format!("give {} away", path.display())))
    }
}

/// Reads a line `name:password:user:group:…`.
fn ids_of(accounts: &str, name: &str) -> Option<(u32, u32)> {
    let fields = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut found = fields.filter(|fields| fields.first() == Some(&name));
    let fields = found.next()?;
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        // Proves that the numbers are those of the right line.
        let accounts = "nobody2:x:7:8::/:\nnobody:x:65534:65533:nobody:/:/bin/false\n";
        assert_eq!(ids_of(accounts, "nobody"), Some((65534, 65533)));
        assert_eq!(ids_of(accounts, "postgres"), None);
        assert_eq!(ids_of("nobody:x", "nobody"), None);
    }
}
