//! `/register`: becoming a user, where the operator allows it; an Admin always may make one.

use contract::authentication::register::{Register, RegisterResponse};
use domain::user::Rights;
use service::access::{Principal as _, ROLE_ADMIN};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;
use wire::SecretText;
use zeroize::Zeroizing;

use super::super::Call;
use super::signed_in::{NewTokens, begin_session, with_session};
use super::{empty, invalid};
use crate::access::admit::Refused;
use crate::access::users::{By, NewAccount, create};
use crate::app::App;

/// Serves the operation.
pub(super) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let caller = call.principal.as_deref();
    let is_admin = caller.is_some_and(|caller| caller.has_role(ROLE_ADMIN));
    if !app.access.registration && !is_admin {
        let message = "Nobody can register here; ask whoever runs this service for an account.";
        return Err(ServiceError::new(403, "Forbidden", message).into());
    }
    let request = matched.bind::<Register>()?;
    if !is_admin {
        app.access.take_try(call.client.address)?;
        app.access.take_registration()?;
    }
    let address = call.client.address;
    let by = caller.map_or_else(|| By::registration(address), |_| call.by());
    let user = create(&app.store, &app.access.passwords, account(&request)?, &by).await?;
    let mut response = RegisterResponse {
        user_id: Some(user.id.0.to_string()),
        user_name: Some(user.name.clone()),
        roles: Some(Vec::new()),
        permissions: Some(Vec::new()),
        ..RegisterResponse::default()
    };
    if !request.auto_login.unwrap_or(false) {
        return Ok(matched.reply(&response, 200));
    }
    let (user, session) = begin_session(app, call, &user, false).await?;
    let tokens = NewTokens::of(app, &user);
    response.session_id = Some(session.id.clone());
    response.bearer_token = Some(tokens.bearer);
    response.refresh_token = Some(tokens.refresh);
    response.refresh_token_expiry = tokens.refresh_expiry;
    Ok(with_session(matched.reply(&response, 200), call, &session))
}

fn account(request: &Register) -> Result<NewAccount, ServiceError> {
    let password = request.password.as_ref().map(SecretText::expose).unwrap_or_default();
    if password.is_empty() {
        return Err(empty("Password"));
    }
    let again = request.confirm_password.as_ref().map(SecretText::expose);
    if again.is_some_and(|again| !again.is_empty() && again != password) {
        return Err(invalid("ConfirmPassword", "It must be the same as the password."));
    }
    Ok(NewAccount {
        name: request.user_name.clone(),
        email: request.email.clone(),
        first_name: request.first_name.clone(),
        last_name: request.last_name.clone(),
        display_name: request.display_name.clone(),
        password: Zeroizing::new(password.to_owned()),
        rights: Rights::default(),
    })
}
