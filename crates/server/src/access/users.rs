//! Making users and changing them, by whoever may: an Admin over HTTP, an operator on the command
//! line, a stranger where registration is on.

use std::net::IpAddr;
use std::sync::Arc;

use document::{MAIL_ADDRESS_LENGTH_MAX, MailAddress};
use domain::audit::{AuditEvent, AuditNote};
use domain::ids::Shard;
use domain::user::{ChangeUser, CreateUser, NewUser, Rights, User, UserChange};
use service::validation::Rule;
use store::{Store, SubmitError};
use zeroize::Zeroizing;

use super::audit::note;
use super::password::{self, Busy, Passwords};
use crate::text;

/// The roles of the published contracts, and of the scanners at the gates.
pub const ROLES: [&str; 6] = ["Admin", "TeamAdmin", "MobileApp", "Agent", "Administrator", "Gate"];

/// The permissions of the published contracts.
pub const PERMISSIONS: [&str; 4] = ["ReadData", "Tickets.Add", "CreateUsers", "Tickets.Scan"];

/// The permission with which the key of a club's program may pay contracts back.
pub const CONTRACTS_REFUND: &str = "Contracts.Refund";

/// The longest user name and the longest name of a person, in characters (`domain.md` §1.7).
const NAME_LENGTH_MAX: usize = 100;

/// How many roles, and how many permissions, one change may name.
const RIGHTS_MAX: usize = 20;

/// How much of an unknown role or permission is repeated, in characters.
const NAME_SHOWN_MAX: usize = 50;

/// Whom the audit names when no user did it; so nobody may be called that.
const RESERVED_NAMES: [&str; 2] = [COMMAND_LINE, REGISTRATION];

/// Whoever sits at the machine.
const COMMAND_LINE: &str = "command line";

/// Strangers who make themselves users.
const REGISTRATION: &str = "registration";

/// Who makes or changes a user, for the audit.
#[derive(Clone, Debug)]
pub struct By {
    /// The caller's name.
    pub name: String,
    /// Where it calls from.
    pub address: Option<IpAddr>,
}

impl By {
    /// The operator at the machine.
    #[must_use]
    pub fn command_line() -> By {
        By { name: COMMAND_LINE.to_owned(), address: None }
    }

    /// A stranger who becomes a user.
    pub(crate) fn registration(address: IpAddr) -> By {
        By { name: REGISTRATION.to_owned(), address: Some(address) }
    }

    pub(super) fn note(&self, event: AuditEvent, name: &str, detail: &str) -> AuditNote {
        let by = self.name.clone();
        AuditNote { by, name: name.to_owned(), ..note(event, None, self.address, detail) }
    }
}

/// What a new user tells of itself.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// The name to sign in with; without one, the e-mail address.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// How others see it.
    pub display_name: Option<String>,
    /// The password.
    pub password: Zeroizing<String>,
    /// What it may.
    pub rights: Rights,
}

/// Why a user was not made or changed; nothing was.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A member is wrong.
    #[error("{field}: {message}")]
    Invalid {
        /// Its declared name.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A member is missing.
    #[error("{field}: {}", Rule::NotEmpty.broken_by(.field).message)]
    Empty {
        /// Its declared name.
        field: &'static str,
    },
    /// Too many passwords are hashed now.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The store refused or failed.
    #[error("{}; nothing was changed", clause(.0))]
    Store(#[from] SubmitError),
}

/// What the store says, to be gone on with.
pub(super) fn clause(error: &SubmitError) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

/// Makes a user.
///
/// # Errors
/// [`AccountError`]
pub async fn create(
    store: &Store,
    passwords: &Passwords,
    account: NewAccount,
    by: &By,
) -> Result<Arc<User>, AccountError> {
    let mut user = checked(&account)?;
    check_password(&account.password)?;
    check_rights(&account.rights)?;
    check_organisers(&account.rights, &[])?;
    user.password_hash = passwords.hash(account.password).await?;
    let note = by.note(AuditEvent::UserCreated, &user.name, &described(&user.rights));
    Ok(store.submit(CreateUser { user, note }).await?)
}

/// Changes a user.
///
/// # Errors
/// [`AccountError`]
pub async fn change(
    store: &Store,
    user: &User,
    change: UserChange,
    by: &By,
) -> Result<Arc<User>, AccountError> {
    let (event, detail) = match &change {
        UserChange::Password(_) => (AuditEvent::PasswordChanged, String::new()),
        UserChange::Grant(rights) | UserChange::Rights(rights) => {
            check_rights(rights)?;
            let is_more = matches!(change, UserChange::Grant(_));
            let kept = if is_more { user.rights.organisers.as_slice() } else { &[] };
            check_organisers(rights, kept)?;
            let sign = if is_more { "+" } else { "=" };
            (AuditEvent::RightsChanged, format!("{sign} {}", described(rights)))
        }
        UserChange::Revoke(rights) => {
            check_rights(rights)?;
            (AuditEvent::RightsChanged, format!("- {}", described(rights)))
        }
        UserChange::Lock => (AuditEvent::UserLocked, String::new()),
        UserChange::Unlock => (AuditEvent::UserUnlocked, String::new()),
        UserChange::Remove => (AuditEvent::UserRemoved, String::new()),
    };
    let mut note = by.note(event, &user.name, &detail);
    note.subject = Some(user.id);
    Ok(store.submit(ChangeUser { user: user.id, change, note }).await?)
}

/// Rights on one line, as the audit and the operator's lists tell them.
#[must_use]
pub fn described(rights: &Rights) -> String {
    let sellers = rights.organisers.iter().map(|shard| format!("seller {}", shard.0));
    let names = rights.roles.iter().chain(&rights.permissions).cloned();
    names.chain(sellers).collect::<Vec<_>>().join(", ")
}

fn invalid(field: &'static str, message: impl Into<String>) -> AccountError {
    AccountError::Invalid { field, message: message.into() }
}

fn checked(account: &NewAccount) -> Result<NewUser, AccountError> {
    let text = |field, value: &Option<String>, length_max| {
        text::checked_name(value.as_deref(), length_max).map_err(|message| invalid(field, message))
    };
    let email = text("Email", &account.email, MAIL_ADDRESS_LENGTH_MAX)?;
    if email.as_deref().is_some_and(|email| MailAddress::parse(email).is_err()) {
        return Err(invalid("Email", "'Email' is not a valid email address."));
    }
    let name = text("UserName", &account.name, MAIL_ADDRESS_LENGTH_MAX)?.or_else(|| email.clone());
    let name = name.ok_or(AccountError::Empty { field: "UserName" })?;
    // Basic authentication ends the name at the first colon.
    if name.contains(':') {
        return Err(invalid("UserName", "A user name has no colon in it."));
    }
    if RESERVED_NAMES.iter().any(|reserved| reserved.eq_ignore_ascii_case(&name)) {
        return Err(invalid(
            "UserName",
            "The audit calls somebody else that; choose another name.",
        ));
    }
    Ok(NewUser {
        name,
        email,
        first_name: text("FirstName", &account.first_name, NAME_LENGTH_MAX)?,
        last_name: text("LastName", &account.last_name, NAME_LENGTH_MAX)?,
        display_name: text("DisplayName", &account.display_name, NAME_LENGTH_MAX)?,
        password_hash: String::new(),
        rights: account.rights.clone(),
    })
}

fn check_password(password: &str) -> Result<(), AccountError> {
    password::check(password).map_err(|message| invalid("Password", message))
}

/// Whether there are such roles and permissions.
///
/// # Errors
/// [`AccountError::Invalid`]
pub fn check_rights(rights: &Rights) -> Result<(), AccountError> {
    check_names("Roles", "role", &rights.roles, &ROLES)?;
    check_names("Permissions", "permission", &rights.permissions, &PERMISSIONS)
}

/// A `TeamAdmin` without organisers would see nothing and sell nothing. `kept` are those that the
/// user has already.
fn check_organisers(rights: &Rights, kept: &[Shard]) -> Result<(), AccountError> {
    if !rights.lacks_organisers() || !kept.is_empty() {
        return Ok(());
    }
    let message = "A TeamAdmin acts for organisers, and the user has none; nothing was changed. \
                   Use `guichet user roles NAME --role TeamAdmin --organiser SLUG`.";
    Err(invalid("Roles", message))
}

fn check_names(
    field: &'static str,
    what: &str,
    given: &[String],
    known: &[&str],
) -> Result<(), AccountError> {
    if given.len() > RIGHTS_MAX {
        return Err(invalid(field, format!("There may be {RIGHTS_MAX} at most.")));
    }
    let Some(unknown) = given.iter().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let shown: String = unknown.chars().take(NAME_SHOWN_MAX).collect();
    let known = known.join(", ");
    Err(invalid(field, format!("\"{shown}\" is no {what}; there are {known}")))
}
