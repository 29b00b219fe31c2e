//! The demo's user, to sign in with a browser.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use domain::user::Rights;
use server::access::password::{PasswordCost, Passwords};
use server::access::users::{By, NewAccount, create};
use server::keys::random;
use store::Store;
use zeroize::Zeroizing;

/// The user's name.
pub(super) const NAME: &str = "admin";

/// The user's password, kept so that it can be shown after a restart.
const PASSWORD_FILE: &str = "demo.password";

/// The user's password; makes the user if it is not there.
pub(super) async fn password(store: &Store, folder: &Path) -> anyhow::Result<String> {
    let path = folder.join(PASSWORD_FILE);
    if store.user_named(NAME).await?.is_some()
        && let Ok(password) = fs::read_to_string(&path)
    {
        return Ok(password.trim().to_owned());
    }
    let password: String = random::<10>()?.iter().map(|byte| format!("{byte:02x}")).collect();
    let account = NewAccount {
        name: Some(NAME.to_owned()),
        display_name: Some("Box office".to_owned()),
        password: Zeroizing::new(password.clone()),
        rights: Rights {
            roles: vec!["Admin".into()],
            permissions: vec!["ReadData".into()],
            organisers: Vec::new(),
        },
        ..NewAccount::default()
    };
    create(store, &Passwords::new(PasswordCost::SAFE), account, &By::command_line()).await?;
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    writeln!(file, "{password}")
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(password)
}
