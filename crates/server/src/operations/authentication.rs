//! Signing in and out, rights, tokens and keys (`servicestack.md` §7).

mod api_keys;
mod assign_roles;
mod authenticate;
mod get_access_token;
mod list_api_keys;
mod register;
mod session_to_token;
mod signed_in;
mod withdraw_api_key;

use contract::authentication as published;
use domain::audit::AuditEvent;
use service::matched::Matched;
use service::reply::Reply;
use service::status::{FieldError, ServiceError};
use service::validation::Rule;
use store::SubmitError;

use super::Call;
use super::handlers::Handler;
use crate::access::admit::Refused;
use crate::access::users::AccountError;
use crate::app::App;

/// A row of an operation that refuses as the framework does, and nothing that is secret in a URL.
macro_rules! guarded {
    ($operation:path, $serve:path) => {
        Handler {
            operation: &$operation,
            serve: |app, matched, call| {
                Box::pin(answer(app, matched, call, $serve(app, matched, call)))
            },
        }
    };
}

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    guarded!(published::authenticate::AUTHENTICATE, authenticate::serve),
    guarded!(published::register::REGISTER, register::serve),
    guarded!(published::assign_roles::ASSIGN_ROLES, assign_roles::assign),
    guarded!(published::assign_roles::UN_ASSIGN_ROLES, assign_roles::un_assign),
    guarded!(published::get_access_token::GET_ACCESS_TOKEN, get_access_token::serve),
    guarded!(published::session_to_token::CONVERT_SESSION_TO_TOKEN, session_to_token::serve),
    guarded!(published::api_keys::GET_API_KEYS, api_keys::list),
    guarded!(published::api_keys::REGENERATE_API_KEYS, api_keys::regenerate),
    guarded!(published::list_api_keys::LIST_API_KEYS, list_api_keys::serve),
    guarded!(published::withdraw_api_key::WITHDRAW_API_KEY, withdraw_api_key::serve),
];

/// Looks at the URL before anything is done.
async fn answer(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
    served: impl Future<Output = Result<Reply, Refused>>,
) -> Reply {
    if let Err(error) = check_url(matched) {
        return matched.fail(&error);
    }
    served.await.unwrap_or_else(|refused| {
        tell(app, &refused, matched, call);
        refused.reply(matched)
    })
}

/// 405 for what is published and has no code here.
pub(super) fn not_served(matched: &Matched<'_, '_>) -> Reply {
    match check_url(matched) {
        Ok(()) => matched.not_implemented(),
        Err(error) => matched.fail(&error),
    }
}

/// Tells the audit of tries that ran out. Not of the rest: to ask who is signed in is no attempt.
fn tell(app: &App, refused: &Refused, matched: &Matched<'_, '_>, call: &Call<'_>) {
    let event = refused.event().filter(|event| *event == AuditEvent::TooManyRequests);
    let (caller, operation) = (call.principal.as_deref(), matched.operation.name());
    if let Some(event) = event {
        app.access.turned_away(event, caller, call.client.address, operation);
    }
}

/// 405 for a password or a token in the URL, where servers and proxies log it.
fn check_url(matched: &Matched<'_, '_>) -> Result<(), ServiceError> {
    let Some(member) = matched.secret_in_url() else { return Ok(()) };
    let message = format!("'{member}' has no place in a URL; send it in the body of a POST.");
    Err(ServiceError::of_exception("NotSupportedException", message))
}

impl From<SubmitError> for Refused {
    fn from(error: SubmitError) -> Refused {
        match error {
            SubmitError::Refused(refusal) => {
                let (status, code) = (refusal.code.status(), refusal.code.name());
                ServiceError::new(status, code, refusal.message).into()
            }
            SubmitError::Fault(fault) => fault.into(),
            SubmitError::Overloaded | SubmitError::Stale => Refused::later("Overloaded"),
        }
    }
}

impl From<AccountError> for Refused {
    fn from(error: AccountError) -> Refused {
        match error {
            AccountError::Empty { field } => empty(field).into(),
            AccountError::Invalid { field, message } => invalid(field, &message).into(),
            AccountError::Busy(_) => Refused::later("Overloaded"),
            AccountError::Store(error) => error.into(),
        }
    }
}

/// 400: a member is wrong.
fn invalid(field: &str, message: &str) -> ServiceError {
    ServiceError::validation(vec![FieldError::new("ValidationFailed", field, message)])
}

/// 400: a member is missing.
fn empty(field: &str) -> ServiceError {
    ServiceError::validation(vec![Rule::NotEmpty.broken_by(field)])
}

/// The text of a member that must not be empty.
fn needed<'t>(field: &str, value: Option<&'t str>) -> Result<&'t str, ServiceError> {
    let value = value.map(str::trim).filter(|value| !value.is_empty());
    value.ok_or_else(|| empty(field))
}
