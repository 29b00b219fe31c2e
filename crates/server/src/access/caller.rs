//! Somebody who has proved who they are.

use std::sync::Arc;

use domain::api_key::ClubScope;
use domain::catalogue::Principal;
use domain::ids::{PrincipalId, Shard};
use domain::user::User;

/// How a caller proved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// An API key.
    ApiKey,
    /// A name with its password, in the request itself.
    Password,
    /// A session, by the hash of its id.
    Session(String),
    /// A bearer token.
    Token,
}

/// What operations may know of a caller.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its number, the same for all of a user's sessions, tokens and passwords.
    pub id: PrincipalId,
    /// The user's name, or what the operator calls the key.
    pub name: String,
    /// What it is.
    pub roles: Vec<String>,
    /// What it may.
    pub permissions: Vec<String>,
    /// The organisers a `TeamAdmin` acts for.
    pub organisers: Vec<Shard>,
    /// What the key of a club's program may touch; `None` for everybody else.
    pub club: Option<ClubScope>,
    /// The user; `None` for the key of a program.
    pub user: Option<Arc<User>>,
    /// How it proved who it is.
    pub proof: Proof,
}

impl Caller {
    /// The owner of a key.
    #[must_use]
    pub(super) fn of_key(principal: &Principal) -> Caller {
        Caller {
            id: principal.id,
            name: principal.name.clone(),
            roles: principal.roles.clone(),
            permissions: principal.permissions.clone(),
            organisers: principal.organisers.clone(),
            club: principal.club.clone(),
            user: None,
            proof: Proof::ApiKey,
        }
    }

    /// A user, with the rights it has now.
    #[must_use]
    pub(crate) fn of_user(user: Arc<User>, proof: Proof) -> Caller {
        Caller {
            id: user.id,
            name: user.name.clone(),
            roles: user.rights.roles.clone(),
            permissions: user.rights.permissions.clone(),
            organisers: user.rights.organisers.clone(),
            club: None,
            user: Some(user),
            proof,
        }
    }
}

impl service::access::Principal for Caller {
    fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|known| known == role)
    }

    fn has_permission(&self, permission: &str) -> bool {
        self.permissions.iter().any(|known| known == permission)
    }
}
