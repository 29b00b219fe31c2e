//! Making API keys: shown once, kept only as a hash.

use domain::catalogue::{CatalogueItem, ChangeCatalogue, Principal};
use domain::ids::{NumberKind, PrincipalId, Shard};
use domain::seller::DrawNumbers;
use store::{Store, SubmitError};

use super::{API_KEY_PREFIX, hashed_key, hex};
use crate::keys::{KeyError, random};
use crate::text;

/// The roles of the published contracts.
const ROLES: [&str; 5] = ["Admin", "TeamAdmin", "MobileApp", "Agent", "Administrator"];

/// The permissions of the published contracts.
const PERMISSIONS: [&str; 3] = ["ReadData", "Tickets.Add", "CreateUsers"];

/// The longest name of a key, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// How often a key is made again because somebody else changed the house meanwhile.
const STALE_TRIES_MAX: u32 = 3;

/// What a new key is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// For the operator's lists.
    pub name: String,
    /// What it is.
    pub roles: Vec<String>,
    /// What it may.
    pub permissions: Vec<String>,
    /// The organisers a TeamAdmin acts for.
    pub organisers: Vec<Shard>,
}

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum NewKeyError {
    /// What was asked for is wrong.
    #[error("{0}; no key was made")]
    Invalid(String),
    /// The system has no random numbers.
    #[error(transparent)]
    Random(#[from] KeyError),
    /// The store did not take it.
    #[error("{0}; no key was made")]
    Store(#[from] SubmitError),
    /// The store cannot be read.
    #[error(transparent)]
    Fault(#[from] store::Fault),
}

/// Makes a key and answers its text, which exists nowhere else.
///
/// # Errors
/// [`NewKeyError`]
pub async fn create(store: &Store, new: NewKey) -> Result<String, NewKeyError> {
    check(&new)?;
    let text = format!("{API_KEY_PREFIX}{}", hex(&random::<32>()?));
    let (key_hash, key_id) = hashed_key(&text);
    let kinds = vec![NumberKind::Principal];
    let drawn = store.submit(DrawNumbers { shard: Shard::HOUSE, kinds }).await?;
    let id = PrincipalId(drawn.first().copied().unwrap_or_default());
    let NewKey { name, roles, permissions, organisers } = new;
    let principal =
        Principal { id, name, key_hash, key_id, roles, permissions, organisers, active: true };
    let mut tries = 0;
    loop {
        tries += 1;
        let revision_seen = store.catalogue(Shard::HOUSE).await?.revision;
        let items = vec![CatalogueItem::Principal(principal.clone())];
        let change = ChangeCatalogue { seller: Shard::HOUSE, revision_seen, items };
        match store.submit(change).await {
            Err(SubmitError::Stale) if tries < STALE_TRIES_MAX => {}
            other => return Ok(other.map(|_| text)?),
        }
    }
}

fn check(new: &NewKey) -> Result<(), NewKeyError> {
    let invalid = |message: String| Err(NewKeyError::Invalid(message));
    match text::checked(Some(&new.name), NAME_LENGTH_MAX) {
        Ok(Some(_)) => {}
        Ok(None) => return invalid("a key needs a name".into()),
        Err(message) => return invalid(format!("the name is wrong: {message}")),
    }
    if let Some(role) = new.roles.iter().find(|role| !ROLES.contains(&role.as_str())) {
        return invalid(format!("\"{role}\" is no role; there are {}", ROLES.join(", ")));
    }
    let unknown = |permission: &&String| !PERMISSIONS.contains(&permission.as_str());
    if let Some(permission) = new.permissions.iter().find(unknown) {
        let known = PERMISSIONS.join(", ");
        return invalid(format!("\"{permission}\" is no permission; there are {known}"));
    }
    if new.organisers.is_empty() && new.roles.iter().any(|role| role == "TeamAdmin") {
        return invalid("a TeamAdmin needs at least one --organiser to act for".into());
    }
    Ok(())
}
