//! API keys: made, listed and withdrawn. A key is shown once and kept only as a hash.

use domain::api_key::{AddKey, ClubScope, KEY_STORES_MAX, RenewKey, WithdrawKey};
use domain::audit::AuditEvent;
use domain::catalogue::Principal;
use domain::ids::{PrincipalId, Shard};
use domain::user::{Rights, User};
use sha2::{Digest as _, Sha256};
use store::{Store, SubmitError};

use super::users::{AccountError, By, CONTRACTS_REFUND, check_rights, clause, described};
use super::{API_KEY_PREFIX, CLUB_ROLE, hex, key_id};
use crate::keys::{KeyError, random};
use crate::text;

/// The longest name of a key, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// How much of a key is kept, so that its owner can tell it from others: 8 of 64 digits.
const HINT_LENGTH: usize = API_KEY_PREFIX.len() + 8;

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
    /// What a club's program may touch. Such a key has the role [`CLUB_ROLE`] and no other.
    pub club: Option<ClubScope>,
}

/// Why a key was not made or withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum NewKeyError {
    /// What was asked for is wrong.
    #[error("{0}; no key was made")]
    Invalid(String),
    /// The system has no random numbers.
    #[error(transparent)]
    Random(#[from] KeyError),
    /// The store did not take it.
    #[error("{}; no key was made", clause(.0))]
    Store(#[from] SubmitError),
}

/// Makes a key for the operator and answers its text, which exists nowhere else.
///
/// # Errors
/// [`NewKeyError`]
pub async fn create(store: &Store, new: NewKey) -> Result<String, NewKeyError> {
    check(&new)?;
    let NewKey { name, roles, permissions, organisers, club } = new;
    let rights = Rights { roles, permissions, organisers };
    let rights_shown = described(&rights);
    let (text, principal) = minted(name, rights)?;
    let principal = Principal { club, ..principal };
    let detail = format!("{} = {rights_shown}", principal.hint);
    let note = By::command_line().note(AuditEvent::KeyCreated, &principal.name, &detail);
    store.submit(AddKey { principal, note }).await?;
    Ok(text)
}

/// A user's own key, which has the user's rights, whatever they are when it is used.
pub(crate) struct RenewedKey {
    /// Its text, which exists nowhere else.
    pub(crate) text: String,
    /// The id of the user's earlier key, which opens nothing any more.
    pub(crate) earlier: Option<u128>,
}

/// Makes a key for a user in place of the one it has.
pub(crate) async fn renew(store: &Store, user: &User, by: &By) -> Result<RenewedKey, NewKeyError> {
    let (text, principal) = minted(format!("{}'s key", user.name), Rights::default())?;
    let note = by.note(AuditEvent::KeyCreated, &principal.name, &principal.hint);
    let earlier = store.submit(RenewKey { user: user.id, principal, note }).await?;
    Ok(RenewedKey { text, earlier })
}

/// A new key and what is stored of it; its number is drawn by the rule.
fn minted(name: String, rights: Rights) -> Result<(String, Principal), KeyError> {
    let text = format!("{API_KEY_PREFIX}{}", hex(&random::<32>()?));
    let hash = Sha256::digest(text.as_bytes());
    let Rights { roles, permissions, organisers } = rights;
    let principal = Principal {
        id: PrincipalId(0),
        name,
        key_hash: hex(&hash),
        key_id: key_id(&hash),
        roles,
        permissions,
        organisers,
        active: true,
        hint: text[..HINT_LENGTH].to_owned(),
        owner: None,
        club: None,
    };
    Ok((text, principal))
}

/// Withdraws a key; answers whether it was good until now.
///
/// # Errors
/// [`SubmitError`] when the store did not take it; the key is good as before.
pub async fn withdraw(store: &Store, key: &Principal, by: &By) -> Result<bool, SubmitError> {
    let note = by.note(AuditEvent::KeyWithdrawn, &key.name, &key.hint);
    store.submit(WithdrawKey { key_id: key.key_id, note }).await
}

fn check(new: &NewKey) -> Result<(), NewKeyError> {
    let invalid = |message: String| Err(NewKeyError::Invalid(message));
    match text::checked_name(Some(&new.name), NAME_LENGTH_MAX) {
        Ok(Some(_)) => {}
        Ok(None) => return invalid("a key needs a name".into()),
        Err(message) => return invalid(format!("the name is wrong: {message}")),
    }
    if let Some(checked) = check_club(new) {
        return checked.or_else(|message| invalid(message.into()));
    }
    let (roles, permissions) = (new.roles.clone(), new.permissions.clone());
    let rights = Rights { roles, permissions, organisers: new.organisers.clone() };
    if let Err(AccountError::Invalid { message, .. }) = check_rights(&rights) {
        return invalid(message);
    }
    if rights.lacks_organisers() {
        return invalid("a TeamAdmin needs at least one --organiser to act for".into());
    }
    Ok(())
}

/// Whether the key of a club's program is whole; `None` for any other key.
fn check_club(new: &NewKey) -> Option<Result<(), &'static str>> {
    let is_club = new.roles.iter().any(|role| role == CLUB_ROLE);
    let permitted = new.permissions.iter().all(|permission| permission == CONTRACTS_REFUND);
    let bare = new.roles.len() == 1 && permitted && new.organisers.is_empty();
    match &new.club {
        None if !is_club => None,
        None => Some(Err("a key of the role Club needs a --chain to act for")),
        Some(_) if !is_club || !bare => {
            let message = "a key for a --chain has the role Club, and no permission but \
                           Contracts.Refund";
            Some(Err(message))
        }
        Some(scope) if scope.stores.len() > KEY_STORES_MAX => {
            Some(Err("a key is limited to 100 stores at most; leave them out to allow all"))
        }
        Some(_) => Some(Ok(())),
    }
}
