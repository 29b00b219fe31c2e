//! `/access-token`: a new bearer token for a refresh token, by the way the refresh token came.

use contract::authentication::get_access_token::{GetAccessToken, GetAccessTokenResponse};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;
use wire::SecretText;

use super::super::Call;
use crate::access::admit::{Refused, cross_site, is_cross_site};
use crate::access::cookies;
use crate::access::token::{TOKEN_SPAN, TokenError, TokenKind};
use crate::app::App;

/// Serves the operation.
pub(super) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<GetAccessToken>()?;
    let shown = request.refresh_token.as_ref().map(SecretText::expose);
    let shown = shown.filter(|token| !token.is_empty());
    let by_cookie = cookies::value(call.headers, cookies::REFRESH_TOKEN);
    let token = shown.or(by_cookie).ok_or_else(ServiceError::not_authenticated)?;
    if shown.is_none() && is_cross_site(call.headers) {
        return Err(cross_site().into());
    }
    let user = app.access.token_user(token, TokenKind::Refresh).await?;
    let user = user.ok_or(TokenError::Invalid)?;
    let bearer = app.access.tokens.sign(&user, TokenKind::Bearer, app.clock.now());
    if shown.is_some() {
        let access_token = Some(bearer);
        let response = GetAccessTokenResponse { access_token, ..GetAccessTokenResponse::default() };
        return Ok(matched.reply(&response, 200));
    }
    let cookie = cookies::set(cookies::TOKEN, &bearer, Some(TOKEN_SPAN), call.client.is_secure);
    Ok(matched.reply(&GetAccessTokenResponse::default(), 200).with_header("Set-Cookie", cookie))
}
