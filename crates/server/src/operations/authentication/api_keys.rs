//! `/apikeys`: a user's own key. It has the user's rights, whatever they are when it is used.

use contract::authentication::api_keys::{
    GetApiKeys, GetApiKeysResponse, RegenerateApiKeys, RegenerateApiKeysResponse, UserApiKey,
};
use domain::api_key::key_of;
use domain::catalogue::Principal;
use domain::user::User;
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::super::Call;
use crate::access::admit::Refused;
use crate::access::keys::{NewKeyError, RenewedKey, renew};
use crate::app::App;

/// The only environment there is.
const LIVE: &str = "live";

/// Serves `GetApiKeys`: of each key how it begins, because nothing else of it is known.
pub(super) async fn list(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<GetApiKeys>()?;
    let user = user(call)?;
    let asked = user.api_key.filter(|_| is_live(request.environment.as_deref()));
    let found = match asked {
        Some(key_id) => app.store.read::<Principal>(key_of(key_id)).await?,
        None => None,
    };
    let key = found.filter(|key| key.active);
    let results = key.iter().map(|key| shown(format!("{}…", key.hint))).collect();
    let response = GetApiKeysResponse { results: Some(results), ..GetApiKeysResponse::default() };
    Ok(matched.reply(&response, 200))
}

/// Serves `RegenerateApiKeys`.
pub(super) async fn regenerate(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<RegenerateApiKeys>()?;
    let user = user(call)?;
    if !is_live(request.environment.as_deref()) {
        let message = "The only environment is 'live'.";
        return Err(super::invalid("Environment", message).into());
    }
    // Each leaves a row and two lines of the audit behind, for good.
    app.access.take_renewal(user.id)?;
    let RenewedKey { text, earlier } = renew(&app.store, user, &call.by()).await?;
    earlier.into_iter().for_each(|key_id| app.access.forget_key(key_id));
    app.access.forget_user(user.id);
    let results = Some(vec![shown(text)]);
    let response = RegenerateApiKeysResponse { results, ..RegenerateApiKeysResponse::default() };
    Ok(matched.reply(&response, 200))
}

impl From<NewKeyError> for Refused {
    fn from(error: NewKeyError) -> Refused {
        match error {
            NewKeyError::Store(error) => error.into(),
            NewKeyError::Invalid(_) | NewKeyError::Random(_) => {
                tracing::error!(%error, "a key could not be made");
                Refused::later("InternalError")
            }
        }
    }
}

fn user<'c>(call: &'c Call<'_>) -> Result<&'c User, ServiceError> {
    let caller = call.principal.as_deref().ok_or_else(ServiceError::not_authenticated)?;
    let message = "Only a user has keys of its own; this key belongs to a program.";
    let user = caller.user.as_deref();
    user.ok_or_else(|| ServiceError::new(403, "Forbidden", message))
}

fn is_live(environment: Option<&str>) -> bool {
    environment.is_none_or(|name| name.is_empty() || name.eq_ignore_ascii_case(LIVE))
}

fn shown(key: String) -> UserApiKey {
    UserApiKey { key: Some(key), key_type: Some("secret".to_owned()), ..UserApiKey::default() }
}
