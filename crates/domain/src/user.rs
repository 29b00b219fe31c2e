//! People who sign in: name, password, rights and sessions (`servicestack.md` §7).
//!
//! A user is one aggregate with its sessions, so a change of password or rights and the sessions
//! it ends are one write, and a session cannot outlive its user. User names and e-mail addresses
//! are rows of their own that lead to the user's number ([`UserName`]).
//!
//! | State | May sign in | Sessions and tokens | Its own API key |
//! |---|---|---|---|
//! | active | yes | good until they expire or the password changes | good |
//! | active, locked until a moment | not before it | good | good |
//! | not active | no | none is good, for ever | withdrawn, for ever |
//! | removed | no | none; the name is free again, the number never | withdrawn |

mod change;
mod lockout;
mod sign_in;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use self::change::{ChangeUser, CreateUser, NewUser, Rights, UserChange};
pub use self::lockout::{FAILURES_MAX, lock_span};
pub use self::sign_in::{FailSignIn, SessionStart, SignIn, SignInOutcome, SignOut};
use crate::facts::Key;
use crate::ids::{PrincipalId, Shard};
use crate::record::Kind;
use crate::time::{Span, Timestamp};

/// The most sessions of one user; a further one ends the oldest.
pub const SESSIONS_PER_USER_MAX: usize = 50;

/// How long a session of a browser lasts from sign-in: two weeks.
pub const SESSION_SPAN: Span = Span::hours(14 * 24);

/// How long a session lasts that was asked to be remembered: a year.
pub const SESSION_SPAN_PERMANENT: Span = Span::hours(365 * 24);

/// Somebody who signs in with a name and a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Its number, from the same sequence as those of API keys.
    pub id: PrincipalId,
    /// The name it signs in with, as it was typed first.
    pub name: String,
    /// Its e-mail address, which opens the same door as the name.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// How others see it.
    pub display_name: Option<String>,
    /// The password as a PHC string; empty when nothing opens the account any more.
    pub password_hash: String,
    /// What it may.
    #[serde(flatten)]
    pub rights: Rights,
    /// Whether it may sign in, and whether what it was given still opens anything.
    pub active: bool,
    /// Raised whenever everything given out before must end; tokens carry it.
    pub epoch: u32,
    /// Wrong passwords since the last right one.
    pub failures: u32,
    /// Until when no password is looked at.
    pub locked_until: Option<Timestamp>,
    /// Signed in now, oldest first; at most [`SESSIONS_PER_USER_MAX`].
    pub sessions: Vec<Session>,
    /// The key that it made for its own programs last. It has the user's rights and ends with a
    /// lock or a removal, but not with another password.
    #[serde(default)]
    pub api_key: Option<u128>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One place where a user is signed in. Its id is known to the client alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The SHA-256 of the id, in hex.
    pub id_hash: String,
    /// Whether it was asked to be remembered.
    pub permanent: bool,
    /// The first moment at which it is no longer good.
    pub expires_at: Timestamp,
}

/// Which user a name or an e-mail address belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserName {
    /// What [`name_hash`] makes of it.
    pub hash: u128,
    /// Whose it is; `None` when it is free again.
    pub user: Option<PrincipalId>,
}

impl User {
    /// Where a user lives.
    #[must_use]
    pub fn key_of(id: PrincipalId) -> Key {
        Key::number(Shard::HOUSE, Kind::User, id.0)
    }

    /// Whether its account is closed for a while because of wrong passwords.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// The session with that hash of its id, while it is good.
    #[must_use]
    pub fn session(&self, id_hash: &str, now: Timestamp) -> Option<&Session> {
        let mut sessions = self.sessions.iter();
        sessions.find(|session| session.id_hash == id_hash && now < session.expires_at)
    }

    /// Whether it is gone; its number and the name in the audit stay.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.password_hash.is_empty()
    }

    /// The names that lead to it.
    fn name_keys(&self) -> Vec<Key> {
        name_keys(&self.name, self.email.as_deref())
    }

    /// Ends everything that was given out: sessions and tokens.
    fn end_everything(&mut self) {
        self.sessions.clear();
        self.epoch = self.epoch.saturating_add(1);
    }
}

impl UserName {
    /// Where the row of a name lives.
    #[must_use]
    pub fn key_of(hash: u128) -> Key {
        Key::hashed(Shard::HOUSE, Kind::UserName, 0, hash)
    }
}

/// What a name is found by: case and blanks around it do not count.
#[must_use]
pub fn name_hash(name: &str) -> u128 {
    let folded = name.trim().to_lowercase();
    let hash = Sha256::digest(folded.as_bytes());
    hash.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// The rows of a name and an e-mail address, which may be the same.
fn name_keys(name: &str, email: Option<&str>) -> Vec<Key> {
    let mut hashes: Vec<u128> = [Some(name), email].into_iter().flatten().map(name_hash).collect();
    hashes.dedup();
    hashes.into_iter().map(UserName::key_of).collect()
}
