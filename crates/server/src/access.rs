//! From a key to a caller: API keys with roles, permissions and a scope of organisers.

pub mod keys;

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use domain::catalogue::Principal;
use domain::facts::Key;
use domain::ids::Shard;
use domain::record::Kind;
use sha2::{Digest as _, Sha256};
use store::{Fault, Store};

/// How keys begin, so that leak scanners find them.
pub const API_KEY_PREFIX: &str = "gk_";

/// How many looked-up keys are kept; an attacker's guesses must not fill the memory.
const KNOWN_KEYS_MAX: usize = 10_000;

/// Looks up callers, and remembers those it found.
pub struct Access {
    store: Store,
    known: RwLock<HashMap<u128, Arc<Principal>>>,
}

impl Access {
    /// A look-up over `store`.
    #[must_use]
    pub fn new(store: Store) -> Access {
        Access { store, known: RwLock::default() }
    }

    /// The active caller a key belongs to.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub async fn principal(&self, key: &str) -> Result<Option<Arc<Principal>>, Fault> {
        let hash = Sha256::digest(key.as_bytes());
        let id = key_id(&hash);
        let principal = match self.remembered(id) {
            Some(principal) => Some(principal),
            None => self.look_up(id).await?,
        };
        Ok(principal.filter(|found| found.active && same(&found.key_hash, &hex(&hash))))
    }

    fn remembered(&self, id: u128) -> Option<Arc<Principal>> {
        self.known.read().ok()?.get(&id).cloned()
    }

    async fn look_up(&self, id: u128) -> Result<Option<Arc<Principal>>, Fault> {
        let key = Key::hashed(Shard::HOUSE, Kind::Principal, 0, id);
        let found = self.store.read::<Principal>(key).await?;
        if let (Some(found), Ok(mut known)) = (&found, self.known.write()) {
            if known.len() >= KNOWN_KEYS_MAX {
                known.clear();
            }
            known.insert(id, Arc::clone(found));
        }
        Ok(found)
    }
}

/// Hash and place of a key, as they are stored; the key itself is stored nowhere.
#[must_use]
pub fn hashed_key(key: &str) -> (String, u128) {
    let hash = Sha256::digest(key.as_bytes());
    (hex(&hash), key_id(&hash))
}

fn key_id(hash: &[u8]) -> u128 {
    hash.iter().take(16).fold(0, |id, byte| id << 8 | u128::from(*byte))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Compares without telling by its duration where two texts differ.
fn same(one: &str, other: &str) -> bool {
    let difference = one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && std::hint::black_box(difference) == 0
}

/// What the metadata of operations asks of a caller.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a>(pub &'a Principal);

impl service::access::Principal for Caller<'_> {
    fn has_role(&self, role: &str) -> bool {
        self.0.roles.iter().any(|known| known == role)
    }

    fn has_permission(&self, permission: &str) -> bool {
        self.0.permissions.iter().any(|known| known == permission)
    }
}

/// Whether the caller may act for a seller (`domain.md` §1.4): everybody but a TeamAdmin for all,
/// a TeamAdmin for its own.
#[must_use]
pub fn may_act_for(principal: &Principal, seller: Shard) -> bool {
    let role = |name: &str| principal.roles.iter().any(|known| known == name);
    role("Admin") || !role("TeamAdmin") || principal.organisers.contains(&seller)
}
