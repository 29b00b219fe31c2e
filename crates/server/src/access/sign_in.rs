//! From a name and a password to a user. Whoever has no such name waits as long, is counted the
//! same way and reads the same answer as whoever has the wrong password.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::audit::AuditEvent;
use domain::ids::PrincipalId;
use domain::user::{FailSignIn, User, name_hash};
use service::authentication::{ACCOUNT_LOCKED, WRONG_PASSWORD};
use store::Fault;
use zeroize::Zeroizing;

use super::Access;
use super::audit::note;
use super::password::{Busy, PASSWORD_LENGTH_MAX};

/// The longest name that is looked for, in bytes.
const NAME_LENGTH_MAX: usize = 1_024;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Denied {
    /// No such user, or another password.
    #[error("{WRONG_PASSWORD}")]
    Wrong,
    /// Too many wrong passwords, or closed by the operator.
    #[error("{ACCOUNT_LOCKED}")]
    Locked,
    /// Too many tries from this address.
    #[error("Too many tries from your address; wait {} seconds", .0.as_secs().max(1))]
    TooMany(Duration),
    /// Too many of a kind, whatever their address.
    #[error("Too many at once; wait {} seconds", .0.as_secs().max(1))]
    TooManyOfAll(Duration),
    /// Too many passwords from all addresses together.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The store cannot be read.
    #[error("The caller could not be looked up; try again in a minute")]
    Fault(#[from] Fault),
}

impl Access {
    /// Takes one of an address's tries, for something else that is dear.
    pub(crate) fn take_try(&self, address: IpAddr) -> Result<(), Denied> {
        self.limits.take(address).map_err(Denied::TooMany)
    }

    /// Takes one of a user's tries for a key of its own.
    pub(crate) fn take_renewal(&self, user: PrincipalId) -> Result<(), Denied> {
        self.renewals.take(user).map_err(Denied::TooManyOfAll)
    }

    /// Takes one of the tries that strangers together have to become users.
    pub(crate) fn take_registration(&self) -> Result<(), Denied> {
        self.registrations.take(()).map_err(Denied::TooManyOfAll)
    }

    /// The user with that name and password. `detail` is the operation, for the audit.
    pub(crate) async fn check_password(
        &self,
        name: &str,
        password: Zeroizing<String>,
        address: IpAddr,
        detail: &str,
    ) -> Result<Arc<User>, Denied> {
        self.take_try(address)?;
        if name.len() > NAME_LENGTH_MAX || password.chars().count() > PASSWORD_LENGTH_MAX {
            return Err(Denied::Wrong);
        }
        let user = self.store.user_named(name).await?.filter(|user| !user.is_removed());
        let now = self.clock.now();
        let is_locked = match &user {
            Some(user) => user.is_locked(now),
            None => self.strangers.is_locked(name_hash(name), now),
        };
        if is_locked {
            let subject = user.as_ref().map(|user| (user.id, user.name.as_str()));
            self.audit.refused(note(AuditEvent::LockedOut, subject, Some(address), detail));
            return Err(Denied::Locked);
        }
        let stored = user.as_ref().map(|user| user.password_hash.clone());
        if !self.passwords.matches(password, stored).await? {
            self.count_failure(name, user.as_deref(), address, detail);
            return Err(Denied::Wrong);
        }
        self.limits.give_back(address);
        user.filter(|user| user.active).ok_or(Denied::Locked)
    }

    /// Counts a wrong password. For a name that somebody has that is a commit, for which nobody
    /// waits: the answer must not come later than for a name that nobody has.
    fn count_failure(&self, name: &str, user: Option<&User>, address: IpAddr, detail: &str) {
        let subject = user.map(|user| (user.id, user.name.as_str()));
        let note = note(AuditEvent::SignInFailed, subject, Some(address), detail);
        let Some(user) = user else {
            self.strangers.fail(name_hash(name), self.clock.now());
            return self.audit.refused(note);
        };
        let (store, user) = (self.store.clone(), user.id);
        tokio::spawn(async move {
            if let Err(error) = store.submit(FailSignIn { user, note }).await {
                tracing::warn!(%error, "a wrong password could not be counted");
            }
        });
    }
}
