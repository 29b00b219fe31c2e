//! What a client gets when it has signed in: cookies, tokens, and who it is.

use std::sync::Arc;

use domain::time::{Span, Timestamp};
use domain::user::{SESSION_SPAN_PERMANENT, SignInOutcome, User};
use service::reply::Reply;
use service::types::DateTime;

use super::super::Call;
use crate::access::admit::{Refused, is_cross_site};
use crate::access::cookies;
use crate::access::session::NewSession;
use crate::access::sign_in::Denied;
use crate::access::token::{REFRESH_SPAN, TOKEN_SPAN, TokenKind};
use crate::access::{Caller, Proof};
use crate::app::App;

/// A bearer token with what renews it.
pub(super) struct NewTokens {
    pub(super) bearer: String,
    pub(super) refresh: String,
    pub(super) refresh_expiry: Option<DateTime>,
}

impl NewTokens {
    /// Tokens for a user.
    pub(super) fn of(app: &App, user: &User) -> NewTokens {
        let now = app.clock.now();
        NewTokens {
            bearer: app.access.tokens.sign(user, TokenKind::Bearer, now),
            refresh: app.access.tokens.sign(user, TokenKind::Refresh, now),
            refresh_expiry: date(now.after(REFRESH_SPAN)),
        }
    }
}

pub(super) fn date(moment: Timestamp) -> Option<DateTime> {
    DateTime::from_unix_microseconds(moment.0)
}

/// Begins a session for a user whose password was right, in place of the client's earlier one.
pub(super) async fn begin_session(
    app: &App,
    call: &Call<'_>,
    user: &User,
    is_permanent: bool,
) -> Result<(Arc<User>, NewSession), Refused> {
    let earlier = call.principal.as_deref().filter(|caller| caller.id == user.id);
    let replaces = match earlier.map(|caller| &caller.proof) {
        Some(Proof::Session(id_hash)) => Some(id_hash.clone()),
        _ => None,
    };
    let begun = app.access.begin_session(user, is_permanent, replaces, call.client).await?;
    match begun {
        (SignInOutcome::SignedIn(user), session) => Ok((user, session)),
        (SignInOutcome::Locked, _) => Err(Denied::Locked.into()),
        (SignInOutcome::Refused, _) => Err(Denied::Wrong.into()),
    }
}

/// Adds the session's cookie, and takes away every other one that signs somebody in. A page of
/// another site gets none: it must not sign its visitor in here as somebody else.
pub(super) fn with_session(reply: Reply, call: &Call<'_>, session: &NewSession) -> Reply {
    if is_cross_site(call.headers) {
        return reply;
    }
    let is_secure = call.client.is_secure;
    let (name, options, span) = match session.is_permanent {
        true => (cookies::SESSION_PERMANENT, "perm", Some(SESSION_SPAN_PERMANENT)),
        false => (cookies::SESSION, "temp", None),
    };
    let set = cookies::set(name, &session.id, span, is_secure);
    let options_set = cookies::set(cookies::SESSION_OPTIONS, options, span, is_secure);
    without_cookies(reply, call, &[name, cookies::SESSION_OPTIONS])
        .with_header("Set-Cookie", set)
        .with_header("Set-Cookie", options_set)
}

/// Adds the cookies of tokens. Scripts cannot read them, so a header names them (§7.4).
pub(super) fn with_tokens(reply: Reply, call: &Call<'_>, tokens: &NewTokens) -> Reply {
    let cookie = |name: &str, value: &str, span: Span| {
        cookies::set(name, value, Some(span), call.client.is_secure)
    };
    reply
        .with_header("Set-Cookie", cookie(cookies::TOKEN, &tokens.bearer, TOKEN_SPAN))
        .with_header("Set-Cookie", cookie(cookies::REFRESH_TOKEN, &tokens.refresh, REFRESH_SPAN))
        .with_header("X-Cookies", "ss-tok,ss-reftok")
}

/// Takes away the cookies that the request shows and that are not to stay.
pub(super) fn without_cookies(reply: Reply, call: &Call<'_>, staying: &[&str]) -> Reply {
    let shown = |name: &&&str| cookies::value(call.headers, name).is_some();
    let going = cookies::ALL.iter().filter(|name| !staying.contains(*name)).filter(shown);
    going.fold(reply, |reply, name| {
        reply.with_header("Set-Cookie", cookies::forget(name, call.client.is_secure))
    })
}

/// How others see a caller.
pub(super) fn display_name(caller: &Caller) -> Option<String> {
    let user = caller.user.as_deref();
    user.map_or_else(|| Some(caller.name.clone()), |user| user.display_name.clone())
}
