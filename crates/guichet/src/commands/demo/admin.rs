//! The demo's user, to sign in with a browser.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use domain::user::{Rights, UserChange};
use server::access::password::{PasswordCost, Passwords};
use server::access::users::{By, NewAccount, change, create};
use server::keys::random;
use store::Store;
use zeroize::Zeroizing;

/// The user's name.
pub(super) const NAME: &str = "admin";

/// The user's password, kept so that it can be shown after a restart.
const PASSWORD_FILE: &str = "demo.password";

/// The user's password; makes the user if it is not there, and gives it another password if the
/// file with the first one is gone.
pub(super) async fn password(store: &Store, folder: &Path) -> anyhow::Result<String> {
    let path = folder.join(PASSWORD_FILE);
    let user = store.user_named(NAME).await?;
    if user.is_some()
        && let Ok(password) = fs::read_to_string(&path)
    {
        return Ok(password.trim().to_owned());
    }
    let password: String = random::<10>()?.iter().map(|byte| format!("{byte:02x}")).collect();
    let passwords = Passwords::new(PasswordCost::SAFE);
    match user {
        None => make(store, &passwords, &password).await?,
        Some(user) => {
            let hash = passwords.hash(Zeroizing::new(password.clone())).await?;
            change(store, &user, UserChange::Password(hash), &By::command_line()).await?;
        }
    }
    keep(&path, &password).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(password)
}

async fn make(store: &Store, passwords: &Passwords, password: &str) -> anyhow::Result<()> {
    let account = NewAccount {
        name: Some(NAME.to_owned()),
        display_name: Some("Box office".to_owned()),
        password: Zeroizing::new(password.to_owned()),
        rights: Rights {
            roles: vec!["Admin".into()],
            permissions: vec!["ReadData".into()],
            organisers: Vec::new(),
        },
        ..NewAccount::default()
    };
    create(store, passwords, account, &By::command_line()).await?;
    Ok(())
}

fn keep(path: &Path, password: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{password}")
}
