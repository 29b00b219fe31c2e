//! Who calls: users with passwords, sessions and tokens, and programs with API keys.
//!
//! `identify` turns what a request shows into a [`Caller`]; `admit` asks the
//! operation whether that caller may. A request of somebody who is signed in costs no commit: users
//! and keys are remembered for two seconds (`recent`), and changes made here count at once.

pub(crate) mod admit;
pub(crate) mod audit;
mod caller;
pub(crate) mod cookies;
pub mod evidence;
mod identify;
pub(crate) mod jwt;
pub mod keys;
pub mod limits;
pub mod password;
pub(crate) mod phones;
mod recent;
pub(crate) mod session;
pub(crate) mod sign_in;
pub mod signature;
mod strangers;
pub mod token;
pub mod users;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::{PrincipalId, Shard};
use domain::user::User;
use hmac::Hmac;
use sha2::Sha256;
use store::{Clock, Store};

use self::audit::Audit;
pub use self::caller::{Caller, Proof};
use self::identify::KeyOwner;
use self::limits::{Limits, Neighbourhood, Rate};
use self::password::{PasswordCost, Passwords};
use self::phones::Phones;
use self::recent::Recent;
use self::strangers::Strangers;
use self::token::Tokens;
use crate::keys::{KeyError, keyed, random};

/// The role of a key that a club's program shows; it may touch what its scope says.
pub const CLUB_ROLE: &str = "Club";

/// How keys begin, so that leak scanners find them.
pub const API_KEY_PREFIX: &str = "gk_";

/// How long a right password is remembered by its keyed hash.
const PROVEN: Duration = Duration::from_secs(60);

/// The wrong codes of campaigns and hidden events that may come from one address: 20 at once, and
/// one a minute.
const GUESSES_OF_ADDRESS: Rate = Rate { tries_max: 20, every: Duration::from_secs(60) };

/// What an operator chooses about signing in. [`Default`] is what is safe.
#[derive(Clone, Debug, Default)]
pub struct AccessOptions {
    /// Whether strangers may become users, without any rights.
    pub registration: bool,
    /// How dear a guess of a password is.
    pub password_cost: PasswordCost,
}

/// Finds out who calls.
pub struct Access {
    store: Store,
    clock: Arc<dyn Clock>,
    /// Makes and compares hashes of passwords.
    pub(crate) passwords: Passwords,
    /// Makes and reads bearer tokens.
    pub(crate) tokens: Tokens,
    /// Signs bearer tokens, and secrets of client systems.
    token_key: Hmac<Sha256>,
    /// Refusals that wait to be written.
    pub(crate) audit: Arc<Audit>,
    /// Whether strangers may become users.
    pub(crate) registration: bool,
    limits: Limits<Neighbourhood>,
    /// A right password is hashed as well, and begins a session.
    sign_ins: Limits<PrincipalId>,
    /// A user's new keys of its own leave rows behind.
    renewals: Limits<PrincipalId>,
    /// So do strangers who become users; all of them are counted together.
    registrations: Limits<()>,
    strangers: Strangers,
    /// Wrong codes of campaigns and hidden events.
    guesses: Limits<Neighbourhood>,
    phones: Phones,
    keys: Recent<u128, Arc<KeyOwner>>,
    users: Recent<PrincipalId, Arc<User>>,
    /// Users by the keyed hash of name and password, with their epoch at that time.
    proven: Recent<[u8; 32], (PrincipalId, u32)>,
    proven_key: Hmac<Sha256>,
}

impl Access {
    /// A look-up over `store`. `token_key` signs bearer tokens.
    ///
    /// # Errors
    /// [`KeyError::Random`]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        token_key: Hmac<Sha256>,
        options: &AccessOptions,
    ) -> Result<Access, KeyError> {
        Ok(Access {
            store,
            clock,
            passwords: Passwords::new(options.password_cost),
            tokens: Tokens::new(token_key.clone()),
            token_key,
            audit: Arc::default(),
            registration: options.registration,
            limits: Limits::default(),
            sign_ins: Limits::default(),
            renewals: Limits::default(),
            registrations: Limits::default(),
            strangers: Strangers::default(),
            guesses: Limits::of(GUESSES_OF_ADDRESS),
            phones: Phones::new(),
            keys: Recent::default(),
            users: Recent::default(),
            proven: Recent::default(),
            proven_key: keyed(&random()?),
        })
    }

    /// Forgets a user that was changed here, so that the change counts at once.
    pub(crate) fn forget_user(&self, id: PrincipalId) {
        self.users.forget(&id);
    }

    /// Whether codes of campaigns and hidden events are still looked at that come from `address`.
    pub(crate) fn may_guess_code(&self, address: IpAddr) -> bool {
        self.guesses.check(address).is_ok()
    }

    /// Counts a wrong one.
    pub(crate) fn count_wrong_guess(&self, address: IpAddr) {
        // Nothing more can be counted than that none is left.
        let _ = self.guesses.take(address);
    }

    /// Forgets a key that was withdrawn here.
    pub(crate) fn forget_key(&self, key_id: u128) {
        self.keys.forget(&key_id);
    }
}

fn key_id(hash: &[u8]) -> u128 {
    hash.iter().take(16).fold(0, |id, byte| id << 8 | u128::from(*byte))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Whether the caller may act for a seller (`domain.md` §1.4): everybody but a TeamAdmin for all,
/// a TeamAdmin for its own, a club's program for its chain.
#[must_use]
pub fn may_act_for(caller: &Caller, seller: Shard) -> bool {
    if let Some(club) = &caller.club {
        return club.chain == seller;
    }
    let role = |name: &str| caller.roles.iter().any(|known| known == name);
    role("Admin") || !role("TeamAdmin") || caller.organisers.contains(&seller)
}
