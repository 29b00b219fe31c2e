//! Secrets of an installation, each in a file of its own that only its owner may read.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use domain::scan_code::SealKey;

const SECRET_LENGTH: usize = 32;

const SEAL_KEY_FILE: &str = "scan-code.key";

const FINGERPRINT_KEY_FILE: &str = "fingerprint.key";

/// The files of an installation's keys, in its folder.
pub const KEY_FILES: [&str; 2] = [SEAL_KEY_FILE, FINGERPRINT_KEY_FILE];

/// The id of the first scan-code key, told to gates with the public key.
const SEAL_KEY_ID: u8 = 1;

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or made.
    #[error("the key file {path} cannot be used: {source}; check the folder's rights")]
    Io {
        /// Which file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is not one of ours.
    #[error("the key file {0} is damaged; put it back from a backup, tickets depend on it")]
    Damaged(String),
    /// The system has no random numbers.
    #[error("the system gave no random numbers: {0}")]
    Random(getrandom::Error),
}

/// The key that seals scan codes, made on first use.
///
/// # Errors
/// [`KeyError`]
pub fn seal_key(folder: &Path) -> Result<SealKey, KeyError> {
    Ok(SealKey::new(SEAL_KEY_ID, &secret(&folder.join(SEAL_KEY_FILE))?))
}

/// The key for fingerprints of cards in idempotency rows, made on first use.
///
/// # Errors
/// [`KeyError`]
pub fn fingerprint_key(folder: &Path) -> Result<[u8; SECRET_LENGTH], KeyError> {
    secret(&folder.join(FINGERPRINT_KEY_FILE))
}

/// Bytes nobody can guess.
///
/// # Errors
/// [`KeyError::Random`]
pub fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], KeyError> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(KeyError::Random)?;
    Ok(bytes)
}

fn secret(path: &Path) -> Result<[u8; SECRET_LENGTH], KeyError> {
    let shown = path.display().to_string();
    let fail = |source| KeyError::Io { path: shown.clone(), source };
    match fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| KeyError::Damaged(shown.clone())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes = random()?;
            write_new(path, &bytes).map_err(fail)?;
            Ok(bytes)
        }
        Err(error) => Err(fail(error)),
    }
}

/// Written beside and renamed, so that a crash leaves a whole key or none.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("key.new");
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}
