//! Whether a request may go on to its operation, and what is said if not (`servicestack.md` §6.5).

use domain::audit::AuditEvent;
use hyper::Method;
use hyper::header::{ACCEPT, HOST, HeaderMap, ORIGIN};
use hyper::http::request::Parts;
use service::matched::Matched;
use service::operation::Effect;
use service::reply::Reply;
use service::status::ServiceError;
use store::Fault;

use super::evidence::Way;
use super::identify::Unknown;
use super::sign_in::{Denied, wait_s};
use super::{Caller, token::TokenError};
use crate::app::App;
use crate::http::Client;
use crate::operations::Call;

/// By which scheme a browser may prove who it is. Not Basic, which would make browsers ask for a
/// password in a window of their own.
const CHALLENGE: &str = "credentials realm=\"/auth/credentials\"";

/// Seconds after which it may be tried again when everything is busy.
const RETRY_AFTER_SECONDS: u64 = 1;

/// A request that is not served, with what its head says besides.
pub(crate) struct Refused {
    error: ServiceError,
    retry_after_s: Option<u64>,
    /// Whether the audit has been told, by whoever knew more.
    is_told: bool,
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Refused {
        Refused { error, retry_after_s: None, is_told: false }
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Refused {
        ServiceError::of_exception("TokenException", error.to_string()).into()
    }
}

impl From<Unknown> for Refused {
    fn from(error: Unknown) -> Refused {
        match error {
            Unknown::Token(error) => error.into(),
            Unknown::Denied(denied) => denied.into(),
        }
    }
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Refused {
        let message = denied.to_string();
        let is_told = matches!(denied, Denied::Wrong | Denied::Locked | Denied::TooManyOfUser(_));
        let (status, code, retry_after_s) = match denied {
            Denied::Wrong | Denied::Locked => (401, "Unauthorized", None),
            Denied::TooMany(wait) | Denied::TooManyOfUser(wait) | Denied::TooManyOfAll(wait) => {
                (429, "TooManyRequests", Some(wait_s(wait)))
            }
            Denied::Busy(_) => (503, "Overloaded", Some(RETRY_AFTER_SECONDS)),
            Denied::Fault(fault) => {
                tracing::error!(%fault, "a caller could not be looked up");
                (503, "NotReady", Some(RETRY_AFTER_SECONDS))
            }
        };
        Refused { error: ServiceError::new(status, code, message), retry_after_s, is_told }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        Denied::Fault(fault).into()
    }
}

impl Refused {
    /// Nothing was done, and trying again soon is right.
    pub(crate) fn later(code: &'static str) -> Refused {
        let message = "It cannot be done now; nothing was changed. Try again in a second.";
        let retry_after_s = Some(RETRY_AFTER_SECONDS);
        Refused { error: ServiceError::new(503, code, message), retry_after_s, is_told: false }
    }

    /// What is said, for an operation that answers in its own way.
    pub(crate) fn into_error(self) -> ServiceError {
        self.error
    }

    /// The answer.
    pub(crate) fn reply(&self, matched: &Matched<'_, '_>) -> Reply {
        let reply = matched.fail(&self.error);
        let reply = match self.retry_after_s {
            Some(seconds) => reply.with_header("Retry-After", seconds.to_string()),
            None => reply,
        };
        if self.error.status == 401 {
            return reply.with_header("WWW-Authenticate", CHALLENGE);
        }
        reply
    }

    /// What the audit is still to be told.
    pub(crate) fn event(&self) -> Option<AuditEvent> {
        match self.error.status {
            _ if self.is_told => None,
            401 => Some(AuditEvent::NotAuthenticated),
            403 => Some(AuditEvent::Forbidden),
            429 => Some(AuditEvent::TooManyRequests),
            _ => None,
        }
    }
}

/// Who calls, if they may. Card data in the URL is refused before anything else.
///
/// # Errors
/// The answer to send instead.
pub(crate) async fn admit<'a>(
    app: &App,
    matched: &Matched<'_, '_>,
    client: Client,
    head: &'a Parts,
) -> Result<Call<'a>, Reply> {
    matched.check_url().map_err(|error| matched.fail(&error))?;
    let identified = app.access.identify(&head.headers, client.address, matched).await;
    let refuse = |refused: Refused, caller: Option<&Caller>| {
        if let Some(event) = refused.event() {
            app.access.turned_away(event, caller, client.address, matched.operation.name());
        }
        Err(refused.reply(matched))
    };
    let access = &matched.operation.access;
    let caller = match identified {
        Ok(caller) => caller,
        // What is open to everybody is open to those whose token has expired, too.
        Err(Unknown::Token(_)) if !access.needs_principal() => None,
        Err(unknown) => return refuse(unknown.into(), None),
    };
    let caller = caller.filter(|(_, way)| *way != Way::Cookie || is_own(matched, head));
    let (caller, way) = caller.unzip();
    let asked = caller.as_deref().map(|caller| caller as &dyn service::access::Principal);
    if let Err(error) = access.check(asked) {
        return refuse(error.into(), caller.as_deref());
    }
    if way == Some(Way::Cookie)
        && let Err(error) = check_page(matched, head)
    {
        return refuse(error.into(), caller.as_deref());
    }
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    Ok(Call {
        idempotency_key: header("idempotency-key"),
        access_code: matched.query_value("directAccessCode").map(std::borrow::Cow::into_owned),
        principal: caller,
        client,
        headers: &head.headers,
    })
}

/// Whether a cookie counts. At an operation that changes something and is open to strangers, a
/// page of another site is no more than a stranger, whoever visits it.
fn is_own(matched: &Matched<'_, '_>, head: &Parts) -> bool {
    let is_open = !matched.operation.access.needs_principal();
    let is_writing = matched.operation.effect == Effect::Writes && !is_reading_verb(head);
    !(is_open && is_writing && is_cross_site(&head.headers))
}

/// What was really sent: `X-Http-Method-Override` makes no link of a form, nor a form of a link.
fn is_reading_verb(head: &Parts) -> bool {
    matches!(head.method, Method::GET | Method::HEAD)
}

/// Whether whoever showed a cookie meant to change something: neither a page of another site nor a
/// link may do that, because a browser sends cookies along with both.
fn check_page(matched: &Matched<'_, '_>, head: &Parts) -> Result<(), ServiceError> {
    if matched.operation.effect != Effect::Writes || !matched.operation.access.needs_principal() {
        return Ok(());
    }
    if is_cross_site(&head.headers) {
        return Err(cross_site());
    }
    if is_reading_verb(head) && is_followed(&head.headers) {
        let message = "A link changes nothing in your name; nothing was done. Send a POST.";
        return Err(ServiceError::new(403, "Forbidden", message));
    }
    Ok(())
}

/// Whether a browser followed a link that is not on a page of ours: it may stand in a letter, where
/// no site is named. Scripts and programs do not ask for a page.
fn is_followed(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let wants_page = header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html"));
    wants_page && header("sec-fetch-site") != Some("same-origin")
}

/// Whether a browser says that the request was made by a page of another site. Programs say
/// nothing, and they do not send cookies that they were not told to send.
pub(crate) fn is_cross_site(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match header("sec-fetch-site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => header(ORIGIN.as_str()).is_some_and(|origin| {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            authority.is_none() || authority != header(HOST.as_str())
        }),
    }
}

/// 403 for a request that another site's page made.
pub(crate) fn cross_site() -> ServiceError {
    let message = "The request was made by a page of another site; nothing was done.";
    ServiceError::new(403, "Forbidden", message)
}
