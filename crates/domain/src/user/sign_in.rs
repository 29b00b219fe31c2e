//! Signing in and out. Whether the password is right is found out before, outside the rules: it
//! takes as long as a hundred decisions.

use std::sync::Arc;

use super::lockout::lock_span;
use super::{SESSION_SPAN, SESSION_SPAN_PERMANENT, SESSIONS_PER_USER_MAX, Session, User};
use crate::audit::{AuditEvent, AuditNote};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{PrincipalId, Shard};
use crate::time::Timestamp;

/// A session to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionStart {
    /// The SHA-256 of its id, in hex.
    pub id_hash: String,
    /// Whether it was asked to be remembered.
    pub permanent: bool,
}

/// A user has shown the right password.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Who.
    pub user: PrincipalId,
    /// The epoch of the user whose password was compared; another one means another password.
    pub epoch_seen: u32,
    /// The session that begins.
    pub session: SessionStart,
    /// The session that it replaces, by the hash of its id.
    pub replaces: Option<String>,
    /// What the audit says.
    pub note: AuditNote,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// The user with its new session.
    SignedIn(Arc<User>),
    /// Closed for a while because of wrong passwords.
    Locked,
    /// Switched off, gone, or with another password by now.
    Refused,
}

impl Command for SignIn {
    type Outcome = SignInOutcome;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(User::key_of(self.user));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<SignInOutcome, Halt> {
        let key = User::key_of(self.user);
        let Some(user) = facts.look::<User>(key)? else { return Ok(SignInOutcome::Refused) };
        if !user.active || user.epoch != self.epoch_seen {
            return Ok(SignInOutcome::Refused);
        }
        if user.is_locked(now) {
            return Ok(SignInOutcome::Locked);
        }
        let Some(user) = facts.edit::<User>(key)? else { return Ok(SignInOutcome::Refused) };
        (user.failures, user.locked_until) = (0, None);
        begin_session(user, &self.session, self.replaces.as_deref(), now);
        self.note.record(facts, now);
        let user = facts.share::<User>(key)?;
        Ok(user.map_or(SignInOutcome::Refused, SignInOutcome::SignedIn))
    }
}

/// Adds a session, and drops what is over, what is replaced and what is too much.
fn begin_session(user: &mut User, start: &SessionStart, replaces: Option<&str>, now: Timestamp) {
    let is_over = |session: &Session| session.expires_at <= now;
    let is_replaced = |session: &Session| replaces == Some(session.id_hash.as_str());
    user.sessions.retain(|session| !is_over(session) && !is_replaced(session));
    let surplus = (user.sessions.len() + 1).saturating_sub(SESSIONS_PER_USER_MAX);
    user.sessions.drain(..surplus);
    let span = if start.permanent { SESSION_SPAN_PERMANENT } else { SESSION_SPAN };
    let id_hash = start.id_hash.clone();
    let expires_at = now.after(span);
    user.sessions.push(Session { id_hash, permanent: start.permanent, expires_at });
}

/// A user's name came with a wrong password.
#[derive(Clone, Debug)]
pub struct FailSignIn {
    /// Whose name it was.
    pub user: PrincipalId,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for FailSignIn {
    /// Until when the account is closed now.
    type Outcome = Option<Timestamp>;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(User::key_of(self.user));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt> {
        let key = User::key_of(self.user);
        let locked = facts.look::<User>(key)?.filter(|user| user.is_locked(now));
        if let Some(user) = locked {
            return Ok(user.locked_until);
        }
        let Some(user) = facts.edit::<User>(key)? else { return Ok(None) };
        user.failures = user.failures.saturating_add(1);
        user.locked_until = lock_span(user.failures).map(|span| now.after(span));
        let until = user.locked_until;
        let event = if until.is_some() { AuditEvent::LockedOut } else { self.note.event };
        AuditNote { event, ..self.note.clone() }.record(facts, now);
        Ok(until)
    }
}

/// A user ends one of its sessions.
#[derive(Clone, Debug)]
pub struct SignOut {
    /// Who.
    pub user: PrincipalId,
    /// The SHA-256 of the session's id, in hex.
    pub id_hash: String,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for SignOut {
    /// Whether there was such a session.
    type Outcome = bool;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(User::key_of(self.user));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        let key = User::key_of(self.user);
        let is_it = |session: &Session| session.id_hash == self.id_hash;
        if !facts.look::<User>(key)?.is_some_and(|user| user.sessions.iter().any(is_it)) {
            return Ok(false);
        }
        let Some(user) = facts.edit::<User>(key)? else { return Ok(false) };
        user.sessions.retain(|session| !is_it(session));
        self.note.record(facts, now);
        Ok(true)
    }
}
