//! Secrets of gateways: they stand in files or in the environment, never in the file that names
//! them, so that it may be shown to others and kept with the rest of the configuration.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use zeroize::Zeroizing;

/// The longest secret that is read, in bytes.
const LENGTH_MAX: usize = 1_024;

/// The permissions of everybody who is neither the owner nor of its group.
const OTHERS: u32 = 0o007;

/// Where a secret stands: `{ file = "stripe.key" }` or `{ env = "STRIPE_KEY" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "toml::Value")]
pub(super) enum SecretPlace {
    /// A file, beside the configuration if its path is relative.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
}

impl TryFrom<toml::Value> for SecretPlace {
    type Error = &'static str;

    /// What is wrong is not quoted: it may be the secret itself.
    fn try_from(value: toml::Value) -> Result<SecretPlace, &'static str> {
        let places = value.as_table().map(|table| table.iter().collect::<Vec<_>>());
        match places.as_deref() {
            Some([(key, toml::Value::String(text))]) if *key == "file" => {
                Ok(SecretPlace::File(text.into()))
            }
            Some([(key, toml::Value::String(text))]) if *key == "env" => {
                Ok(SecretPlace::Variable(text.clone()))
            }
            _ => Err("a secret is named by { file = \"PATH\" } or { env = \"VARIABLE\" }; it \
                      does not stand in this file"),
        }
    }
}

impl SecretPlace {
    /// The secret. Blanks and line ends around it do not count.
    ///
    /// # Errors
    /// A sentence that says what to do, when it cannot be read, others could read it, or it is
    /// none.
    pub(super) fn read(&self, folder: &Path) -> anyhow::Result<Zeroizing<String>> {
        let (text, place) = match self {
            SecretPlace::File(path) => {
                let path = folder.join(path);
                (read_file(&path)?, path.display().to_string())
            }
            SecretPlace::Variable(name) => {
                let text = env::var(name).with_context(|| format!("{name} is not set"))?;
                (Zeroizing::new(text), name.clone())
            }
        };
        let secret = text.trim();
        let is_plain = secret.chars().all(|letter| letter.is_ascii_graphic());
        ensure!(
            is_plain && (1..=LENGTH_MAX).contains(&secret.len()),
            "{place} must hold one secret of 1 to {LENGTH_MAX} characters without blanks"
        );
        Ok(Zeroizing::new(secret.to_owned()))
    }
}

fn read_file(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let shown = path.display();
    let unreadable = || format!("the secret in {shown} cannot be read");
    let metadata = fs::metadata(path).with_context(unreadable)?;
    let mode = metadata.permissions().mode();
    ensure!(
        mode & OTHERS == 0,
        "{shown} is open to everybody on this machine; close it with: chmod o= {shown}"
    );
    ensure!(
        metadata.len() <= LENGTH_MAX as u64,
        "{shown} must hold one secret of 1 to {LENGTH_MAX} characters without blanks"
    );
    Ok(Zeroizing::new(fs::read_to_string(path).with_context(unreadable)?))
}
