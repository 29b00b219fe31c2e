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
    #[error("Too many tries from your address; wait {}", shown(*.0))]
    TooMany(Duration),
    /// Too many sign-ins of one user; the audit is told already, because it is known who.
    #[error("This user signed in too often; keep the session or the token, or wait {}", shown(*.0))]
    TooManyOfUser(Duration),
    /// Too many of a kind, whatever their address.
    #[error("Too many at once; wait {}", shown(*.0))]
    TooManyOfAll(Duration),
    /// Too many passwords from all addresses together.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The store cannot be read.
    #[error("The caller could not be looked up; try again in a minute")]
    Fault(#[from] Fault),
}

/// A wait in whole seconds, never less than it is.
pub(crate) fn wait_s(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

fn shown(wait: Duration) -> String {
    match wait_s(wait) {
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
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
        if let Some(user) = &user {
            self.take_sign_in(user, address, detail)?;
        }
        let stored = user.as_ref().map(|user| user.password_hash.clone());
        if !self.passwords.matches(password, stored).await? {
            if let Some(user) = &user {
                self.sign_ins.give_back(user.id);
            }
            self.count_failure(name, user.as_deref(), address, detail);
            return Err(Denied::Wrong);
        }
        self.limits.give_back(address);
        user.filter(|user| user.active).ok_or(Denied::Locked)
    }

    /// Takes one of a user's tries, before its password is hashed: a right one is dear too, and
    /// ends the user's oldest session. A wrong one is given back, so that whoever guesses at a
    /// user's password does not use them up.
    fn take_sign_in(&self, user: &User, address: IpAddr, detail: &str) -> Result<(), Denied> {
        self.sign_ins.take(user.id).map_err(|wait| {
            let subject = Some((user.id, user.name.as_str()));
            self.audit.refused(note(AuditEvent::TooManyRequests, subject, Some(address), detail));
            Denied::TooManyOfUser(wait)
        })
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
