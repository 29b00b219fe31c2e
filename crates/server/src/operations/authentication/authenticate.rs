//! `/auth`: who is signed in, signing in with a password, signing out.

use contract::authentication::authenticate::{Authenticate, AuthenticateResponse};
use service::authentication::{Intent, intent};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;
use wire::SecretText;
use zeroize::Zeroizing;

use super::super::Call;
use super::signed_in::{
    NewTokens, begin_session, display_name, with_session, with_tokens, without_cookies,
};
use crate::access::admit::{Refused, cross_site, is_cross_site};
use crate::access::{Caller, Proof};
use crate::app::App;

/// The query parameter that asks for tokens as cookies and not in the answer.
const USE_TOKEN_COOKIE: &str = "UseTokenCookie";

/// Serves the operation.
pub(super) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<Authenticate>()?;
    let password = request.password.as_ref().map(SecretText::expose);
    let provider = request.provider.as_deref();
    match intent(matched.verb(), provider, request.user_name.as_deref(), password)? {
        Intent::Ask => ask(matched, call),
        Intent::SignOut if is_cross_site(call.headers) => Err(cross_site().into()),
        Intent::SignOut => sign_out(app, matched, call).await,
        Intent::SignIn => sign_in(app, matched, call, &request).await,
    }
}

fn ask(matched: &Matched<'_, '_>, call: &Call<'_>) -> Result<Reply, Refused> {
    let caller = call.principal.as_deref().ok_or_else(ServiceError::not_authenticated)?;
    Ok(matched.reply(&described(caller), 200))
}

/// Also for whoever is not signed in: then there is nothing to end, and the cookies go.
async fn sign_out(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Result<Reply, Refused> {
    let caller = call.principal.as_deref();
    if let Some(Caller { user: Some(user), proof: Proof::Session(id_hash), .. }) = caller {
        app.access.end_session(user, id_hash.clone(), call.client).await?;
    }
    let reply = matched.reply(&AuthenticateResponse::default(), 200);
    Ok(without_cookies(reply, call, &[]))
}

async fn sign_in(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
    request: &Authenticate,
) -> Result<Reply, Refused> {
    let name = request.user_name.as_deref().unwrap_or_default();
    let password = request.password.as_ref().map(SecretText::expose).unwrap_or_default();
    let password = Zeroizing::new(password.to_owned());
    let (address, operation) = (call.client.address, matched.operation.name());
    let user = app.access.check_password(name, password, address, operation).await?;
    let is_permanent = request.remember_me.unwrap_or(false);
    let (user, session) = begin_session(app, call, &user, is_permanent).await?;
    let tokens = NewTokens::of(app, &user);
    let caller = Caller::of_user(user, Proof::Password);
    let mut response = described(&caller);
    response.session_id = Some(session.id.clone());
    let asked = matched.query_value(USE_TOKEN_COOKIE);
    let is_asked = asked.is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if is_asked && !is_cross_site(call.headers) {
        let reply = with_session(matched.reply(&response, 200), call, &session);
        return Ok(with_tokens(reply, call, &tokens));
    }
    response.bearer_token = Some(tokens.bearer);
    response.refresh_token = Some(tokens.refresh);
    response.refresh_token_expiry = tokens.refresh_expiry;
    Ok(with_session(matched.reply(&response, 200), call, &session))
}

/// Who a caller is; its session's id is known to the client alone.
fn described(caller: &Caller) -> AuthenticateResponse {
    let provider = match caller.proof {
        Proof::ApiKey => "apikey",
        Proof::Token => "jwt",
        Proof::Password | Proof::Session(_) => "credentials",
    };
    AuthenticateResponse {
        user_id: Some(caller.id.0.to_string()),
        user_name: Some(caller.name.clone()),
        display_name: display_name(caller),
        roles: Some(caller.roles.clone()),
        permissions: Some(caller.permissions.clone()),
        auth_provider: Some(provider.to_owned()),
        ..AuthenticateResponse::default()
    }
}
