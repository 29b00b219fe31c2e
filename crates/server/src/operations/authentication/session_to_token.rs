//! `/session-to-token`: tokens, as cookies, in place of a session or beside it. Not for a key or a
//! token: what was stolen for two weeks, or until it is withdrawn, must not become good for a year.

use contract::authentication::session_to_token::{
    ConvertSessionToToken, ConvertSessionToTokenResponse,
};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::super::Call;
use super::signed_in::{NewTokens, with_tokens, without_cookies};
use crate::access::admit::Refused;
use crate::access::{Proof, cookies};
use crate::app::App;

/// Serves the operation.
pub(super) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<ConvertSessionToToken>()?;
    let caller = call.principal.as_deref().ok_or_else(ServiceError::not_authenticated)?;
    let is_signed_in = matches!(caller.proof, Proof::Session(_) | Proof::Password);
    let Some(user) = caller.user.as_ref().filter(|_| is_signed_in) else {
        let message = "Only a session or a password is changed for tokens. A key needs none, and \
                       a bearer token is renewed with its refresh token.";
        return Err(ServiceError::new(403, "Forbidden", message).into());
    };
    let reply = matched.reply(&ConvertSessionToTokenResponse::default(), 200);
    let reply = with_tokens(reply, call, &NewTokens::of(app, user));
    let tokens = [cookies::TOKEN, cookies::REFRESH_TOKEN];
    match &caller.proof {
        Proof::Session(id_hash) if !request.preserve_session => {
            app.access.end_session(user, id_hash.clone(), call.client).await?;
            Ok(without_cookies(reply, call, &tokens))
        }
        _ => Ok(reply),
    }
}
