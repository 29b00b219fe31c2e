//! Secrets of an installation, each in a file of its own that only its owner may read.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use domain::scan_code::SealKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::access::hex;

const SECRET_LENGTH: usize = 32;

/// How a key file's name ends until the key is whole.
const UNFINISHED_EXTENSION: &str = "key.new";

const SEAL_KEY_FILE: &str = "scan-code.key";

const FINGERPRINT_KEY_FILE: &str = "fingerprint.key";

/// The files of an installation's keys, in its folder.
pub const KEY_FILES: [&str; 2] = [SEAL_KEY_FILE, FINGERPRINT_KEY_FILE];

/// The id of the first scan-code key, told to gates with the public key.
const SEAL_KEY_ID: u8 = 1;

/// What the fingerprint key signs to be told from others. It is never the beginning of a card's
/// fingerprint, which begins with a length.
const IDENTITY_LABEL: &[u8] = b"guichet: identity of a fingerprint key";

/// What the fingerprint key signs to get the key of bearer tokens. A new number makes every token
/// that was given out before worthless.
const TOKEN_KEY_LABEL: &[u8] = b"guichet: key of bearer tokens, 1";

/// What the fingerprint key signs to get the key of payment links. A new number makes every link
/// that was given out before worthless.
const LINK_KEY_LABEL: &[u8] = b"guichet: key of payment links, 1";

/// What the fingerprint key signs to get the key of the tokens of what members of clubs pay with. A
/// new number makes every token that was given out before worthless.
const VAULT_KEY_LABEL: &[u8] = b"guichet: key of the vault's tokens, 1";

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
    /// The nodes of a database have keys, and this one's folder does not.
    #[error(
        "{0} is missing, and this database has been sold from with it: new keys would make \
         tickets that gates refuse, and orders that are charged twice. Copy scan-code.key and \
         fingerprint.key from the folder of the first node, or put them back from a backup"
    )]
    Missing(String),
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

/// Signs bearer tokens. Derived from the fingerprint key, which nodes share and backups hold, so
/// that there is no further file to copy or to lose.
///
/// # Errors
/// [`KeyError`]
pub fn token_key(folder: &Path) -> Result<Hmac<Sha256>, KeyError> {
    derived_key(folder, TOKEN_KEY_LABEL)
}

/// Makes the handles of payment links, of which hashes are stored. Derived as the token key is.
///
/// # Errors
/// [`KeyError`]
pub fn link_key(folder: &Path) -> Result<Hmac<Sha256>, KeyError> {
    derived_key(folder, LINK_KEY_LABEL)
}

/// Signs the tokens of what members of clubs pay with. Derived as the token key is.
///
/// # Errors
/// [`KeyError`]
pub fn vault_key(folder: &Path) -> Result<Hmac<Sha256>, KeyError> {
    derived_key(folder, VAULT_KEY_LABEL)
}

fn derived_key(folder: &Path, label: &[u8]) -> Result<Hmac<Sha256>, KeyError> {
    let mut derived = keyed(&fingerprint_key(folder)?);
    derived.update(label);
    Ok(keyed(&derived.finalize().into_bytes().into()))
}

/// HMAC-SHA256 with that key.
pub(crate) fn keyed(secret: &[u8; SECRET_LENGTH]) -> Hmac<Sha256> {
    Hmac::new(&padded(secret).into())
}

/// Tells the keys in a folder from any others, and nothing else about them: 64 hexadecimal digits
/// of a SHA-256 over the public scan-code key and a signature by the fingerprint key. Makes
/// missing keys, unless other nodes have theirs already.
///
/// # Errors
/// [`KeyError`]
pub fn identity(folder: &Path, others_have_keys: bool) -> Result<String, KeyError> {
    let missing = KEY_FILES.map(|name| folder.join(name)).into_iter().find(|path| !path.exists());
    if let Some(missing) = missing.filter(|_| others_have_keys) {
        return Err(KeyError::Missing(missing.display().to_string()));
    }
    let seal_key = seal_key(folder)?;
    let mut signed = keyed(&fingerprint_key(folder)?);
    signed.update(IDENTITY_LABEL);
    let identity = Sha256::new()
        .chain_update([seal_key.id()])
        .chain_update(seal_key.public())
        .chain_update(signed.finalize().into_bytes());
    Ok(hex(&identity.finalize()))
}

/// HMAC-SHA256 fills a key up with zeros to a block of the hash.
fn padded(secret: &[u8; SECRET_LENGTH]) -> [u8; 2 * SECRET_LENGTH] {
    let mut block = [0; 2 * SECRET_LENGTH];
    block[..SECRET_LENGTH].copy_from_slice(secret);
    block
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

/// Writes a key that is not there yet; beside its name first, so that a crash leaves a whole key
/// or none.
///
/// # Errors
/// What the system says; [`io::ErrorKind::AlreadyExists`] when there is a key meanwhile.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(UNFINISHED_EXTENSION);
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    store::publish_file(&file, &beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same keys have the same identity, and either key that is another gives another; no
    /// file is made where other nodes have keys.
    #[test]
    fn an_identity_stands_for_both_keys() {
        let folder = tempfile::tempdir().unwrap();
        for name in KEY_FILES {
            let missing = identity(folder.path(), true).unwrap_err().to_string();
            assert!(missing.contains("Copy scan-code.key and fingerprint.key"), "{missing}");
            assert!(!folder.path().join(name).exists(), "{name} was made");
        }
        let first = identity(folder.path(), false).unwrap();
        assert_eq!(identity(folder.path(), true).unwrap(), first);
        for name in KEY_FILES {
            let path = folder.path().join(name);
            let kept = fs::read(&path).unwrap();
            assert!(!first.contains(&hex(&kept)), "{name} is told");
            fs::remove_file(&path).unwrap();
            assert!(matches!(identity(folder.path(), true), Err(KeyError::Missing(_))), "{name}");
            assert_ne!(identity(folder.path(), false).unwrap(), first, "{name}");
            fs::write(&path, kept).unwrap();
        }
        assert_eq!(identity(folder.path(), true).unwrap(), first);
    }
}
