//! Making users and changing them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{User, UserName, name_keys};
use crate::api_key::withdraw;
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{NumberKind, PrincipalId, Shard};
use crate::refusal::{Code, Refusal};
use crate::seller::edit_or_create;
use crate::time::Timestamp;

/// What a user may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// What it is: `Admin`, `TeamAdmin`, …
    pub roles: Vec<String>,
    /// What it may: `ReadData`, …
    pub permissions: Vec<String>,
    /// The organisers a `TeamAdmin` acts for.
    pub organisers: Vec<Shard>,
}

impl Rights {
    /// Whether a `TeamAdmin` among them has nobody to act for, and so could do nothing
    /// (`domain.md` §1.4).
    #[must_use]
    pub fn lacks_organisers(&self) -> bool {
        self.organisers.is_empty() && self.roles.iter().any(|role| role == "TeamAdmin")
    }

    /// Adds what is not there yet.
    pub fn add(&mut self, other: &Rights) {
        add(&mut self.roles, &other.roles);
        add(&mut self.permissions, &other.permissions);
        add(&mut self.organisers, &other.organisers);
    }

    /// Takes away what is there.
    pub fn take(&mut self, other: &Rights) {
        self.roles.retain(|role| !other.roles.contains(role));
        self.permissions.retain(|permission| !other.permissions.contains(permission));
        self.organisers.retain(|shard| !other.organisers.contains(shard));
    }
}

fn add<T: Clone + PartialEq>(all: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !all.contains(item) {
            all.push(item.clone());
        }
    }
}

/// What a new user begins with; texts are checked before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewUser {
    /// The name it signs in with.
    pub name: String,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// How others see it.
    pub display_name: Option<String>,
    /// The password as a PHC string.
    pub password_hash: String,
    /// What it may.
    pub rights: Rights,
}

impl NewUser {
    fn into_user(self, id: PrincipalId, now: Timestamp) -> User {
        let NewUser { name, email, first_name, last_name, display_name, .. } = self;
        User {
            id,
            name,
            email,
            first_name,
            last_name,
            display_name,
            password_hash: self.password_hash,
            rights: self.rights,
            active: true,
            epoch: 0,
            failures: 0,
            locked_until: None,
            sessions: Vec::new(),
            api_key: None,
            created_at: now,
        }
    }
}

/// Makes a user whose name and e-mail address nobody has.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// What it begins with.
    pub user: NewUser,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for CreateUser {
    type Outcome = Arc<User>;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(Shard::HOUSE));
        keys.extend(name_keys(&self.user.name, self.user.email.as_deref()));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<User>, Halt> {
        let names = name_keys(&self.user.name, self.user.email.as_deref());
        for key in &names {
            if facts.look::<UserName>(*key)?.is_some_and(|name| name.user.is_some()) {
                let message = "Somebody has that user name or e-mail address already.";
                return Err(Refusal::new(Code::UserAlreadyExists, message).into());
            }
        }
        edit_or_create(facts, Shard::HOUSE)?;
        let id = PrincipalId(facts.number(Shard::HOUSE, NumberKind::Principal)?);
        for key in names {
            facts.put(UserName { hash: key.hash, user: Some(id) });
        }
        AuditNote { subject: Some(id), ..self.note.clone() }.record(facts, now);
        Ok(facts.put(self.user.clone().into_user(id, now)))
    }
}

/// What becomes different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// Another password, as a PHC string; ends all sessions and tokens. The user's own API key
    /// stays good, because the programs that hold it never knew the password.
    Password(String),
    /// More rights.
    Grant(Rights),
    /// Fewer rights.
    Revoke(Rights),
    /// Exactly these rights.
    Rights(Rights),
    /// May no longer sign in; ends all sessions and tokens, and withdraws its API key.
    Lock,
    /// May sign in again, wrong passwords forgotten.
    Unlock,
    /// Gone; ends all sessions and tokens, withdraws its API key and sets the names free.
    Remove,
}

/// Changes a user. Rights are looked up for each request, so a change counts at once for sessions
/// and tokens given out before.
#[derive(Clone, Debug)]
pub struct ChangeUser {
    /// Who.
    pub user: PrincipalId,
    /// What becomes different.
    pub change: UserChange,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for ChangeUser {
    /// The user as it is now.
    type Outcome = Arc<User>;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(User::key_of(self.user));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<User>, Halt> {
        let key = User::key_of(self.user);
        let missing = || Halt::from(Refusal::new(Code::UserNotFound, "There is no such user."));
        let found = facts.look::<User>(key)?.filter(|user| !user.is_removed());
        let found = found.ok_or_else(missing)?;
        let (names, api_key) = (found.name_keys(), found.api_key);
        let ends_key = matches!(self.change, UserChange::Lock | UserChange::Remove);
        if let Some(api_key) = api_key.filter(|_| ends_key) {
            withdraw(facts, api_key, &self.note, now)?;
        }
        if self.change == UserChange::Remove {
            for key in names {
                facts.put(UserName { hash: key.hash, user: None });
            }
        }
        let user = facts.edit::<User>(key)?.ok_or_else(missing)?;
        apply(&self.change, user);
        self.note.record(facts, now);
        facts.share::<User>(key)?.ok_or_else(missing)
    }
}

fn apply(change: &UserChange, user: &mut User) {
    match change {
        UserChange::Password(hash) => {
            user.password_hash.clone_from(hash);
            (user.failures, user.locked_until) = (0, None);
            user.end_everything();
        }
        UserChange::Grant(rights) => user.rights.add(rights),
        UserChange::Revoke(rights) => user.rights.take(rights),
        UserChange::Rights(rights) => user.rights.clone_from(rights),
        UserChange::Lock => {
            user.active = false;
            user.end_everything();
        }
        UserChange::Unlock => {
            user.active = true;
            (user.failures, user.locked_until) = (0, None);
        }
        UserChange::Remove => {
            user.active = false;
            user.password_hash.clear();
            user.rights = Rights::default();
            (user.email, user.first_name, user.last_name) = (None, None, None);
            user.display_name = None;
            user.end_everything();
        }
    }
}
