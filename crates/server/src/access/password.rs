//! Passwords: hashed with argon2id, a few at a time, on threads that may take their time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// The shortest password, in characters.
pub const PASSWORD_LENGTH_MIN: usize = 10;

/// The longest password, in characters.
pub const PASSWORD_LENGTH_MAX: usize = 256;

/// How many passwords are hashed at once, at most: each takes [`PasswordCost::memory_kib`], and
/// whoever buys a ticket needs the processors too.
const AT_ONCE_MAX: usize = 4;

/// How many may wait for that; more are told to come again.
const WAITING_MAX: usize = 64;

/// How dear a guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl PasswordCost {
    /// What OWASP's password storage cheat sheet asks for at least: 19 MiB, two passes, one lane.
    pub const SAFE: PasswordCost = PasswordCost { memory_kib: 19 * 1_024, passes: 2 };

    /// For tests: a hash takes no time and protects nothing.
    pub const QUICK: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };

    fn hasher(self) -> Argon2<'static> {
        let params = Params::new(self.memory_kib, self.passes, 1, None).unwrap_or_default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

impl Default for PasswordCost {
    fn default() -> PasswordCost {
        PasswordCost::SAFE
    }
}

/// Too many are at it already, or the system has no random numbers; nothing was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords at once; try again in a second")]
pub struct Busy;

/// Hashes and compares passwords.
pub struct Passwords {
    cost: PasswordCost,
    /// Compared with when there is no such user, so that the answer takes as long.
    decoy: String,
    working: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Passwords {
    /// Makes hashes of that cost; compares with hashes of any.
    #[must_use]
    pub fn new(cost: PasswordCost) -> Passwords {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let at_once = processors.div_ceil(2).min(AT_ONCE_MAX);
        Passwords {
            cost,
            decoy: hash(b"no user has this password", cost).unwrap_or_default(),
            working: Arc::new(Semaphore::new(at_once)),
            waiting: Semaphore::new(WAITING_MAX + at_once),
        }
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// [`Busy`]
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, Busy> {
        let cost = self.cost;
        self.work(move || hash(password.as_bytes(), cost)).await?
    }

    /// Whether that is the password of `stored`; without a hash it takes as long and is not.
    ///
    /// # Errors
    /// [`Busy`]
    pub async fn matches(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<bool, Busy> {
        let (is_user, stored) = (stored.is_some(), stored.unwrap_or_else(|| self.decoy.clone()));
        let hasher = self.cost.hasher();
        let matches = move || {
            let stored = PasswordHash::new(&stored);
            stored.is_ok_and(|stored| hasher.verify_password(password.as_bytes(), &stored).is_ok())
        };
        Ok(self.work(matches).await? && is_user)
    }

    /// Work goes on when nobody waits for it any more, and keeps its place until it is done.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let _waiting = self.waiting.try_acquire().map_err(|_| Busy)?;
        let working = Arc::clone(&self.working).acquire_owned().await.map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(working);
            done
        });
        done.await.map_err(|_| Busy)
    }
}

/// The hash of a password, on the spot.
///
/// # Errors
/// [`Busy`] when the system has no random numbers.
pub fn hash(password: &[u8], cost: PasswordCost) -> Result<String, Busy> {
    let hash = cost.hasher().hash_password(password).map_err(|_| Busy)?;
    Ok(hash.to_string())
}

/// Whether a password may be had.
///
/// # Errors
/// A sentence saying what is wrong with it.
pub fn check(password: &str) -> Result<(), String> {
    match password.chars().count() {
        0..PASSWORD_LENGTH_MIN => {
            Err(format!("A password has {PASSWORD_LENGTH_MIN} characters at least."))
        }
        PASSWORD_LENGTH_MIN..=PASSWORD_LENGTH_MAX => Ok(()),
        _ => Err(format!("A password has {PASSWORD_LENGTH_MAX} characters at most.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    /// Proves that the right password matches its hash alone, that nobody has no password, and
    /// that a hash says how it was made.
    #[tokio::test]
    async fn the_right_password_matches() {
        let passwords = Passwords::new(PasswordCost::QUICK);
        let stored = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        let other = passwords.hash(secret("correct horse")).await.unwrap();
        assert_ne!(stored, other, "salted");
        for (password, stored, expected) in [
            ("correct horse", Some(stored.clone()), true),
            ("correct horse", Some(other), true),
            ("Correct horse", Some(stored), false),
            ("no user has this password", None, false),
            ("", Some(String::new()), false),
        ] {
            assert_eq!(passwords.matches(secret(password), stored).await, Ok(expected));
        }
    }

    /// Proves that the cost of the product is what it is said to be.
    #[test]
    fn hashes_are_dear() {
        let stored = hash(b"correct horse", PasswordCost::default()).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
}
