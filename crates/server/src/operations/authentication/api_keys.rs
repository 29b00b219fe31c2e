//! `/apikeys`: a user's own keys. They have the user's rights, whatever they are when one is used.

use std::sync::Arc;

use contract::authentication::api_keys::{
    GetApiKeys, GetApiKeysResponse, RegenerateApiKeys, RegenerateApiKeysResponse, UserApiKey,
};
use domain::catalogue::Principal;
use domain::user::{Rights, User};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;
use store::Fault;

use super::super::Call;
use crate::access::Caller;
use crate::access::admit::Refused;
use crate::access::keys::{NewKeyError, add, withdraw};
use crate::access::users::By;
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
    let (_, user) = user(call)?;
    let keys = match is_live(request.environment.as_deref()) {
        true => keys_of(app, user).await?,
        false => Vec::new(),
    };
    let results = keys.iter().map(|key| shown(format!("{}…", key.hint))).collect();
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
    let (caller, user) = user(call)?;
    if !is_live(request.environment.as_deref()) {
        let message = "The only environment is 'live'.";
        return Err(super::invalid("Environment", message).into());
    }
    let by = By { name: caller.name.clone(), address: Some(call.client.address) };
    let earlier = keys_of(app, user).await?;
    let name = format!("{}'s key", user.name);
    let key = add(&app.store, name, Rights::default(), Some(user.id), &by).await?;
    for key in earlier {
        withdraw(&app.store, &key, &by).await?;
        app.access.forget_key(key.key_id);
    }
    let results = Some(vec![shown(key)]);
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

fn user<'c>(call: &'c Call<'_>) -> Result<(&'c Caller, &'c User), ServiceError> {
    let caller = call.principal.as_deref().ok_or_else(ServiceError::not_authenticated)?;
    let message = "Only a user has keys of its own; this key belongs to a program.";
    let user = caller.user.as_deref();
    let user = user.ok_or_else(|| ServiceError::new(403, "Forbidden", message))?;
    Ok((caller, user))
}

async fn keys_of(app: &App, user: &User) -> Result<Vec<Arc<Principal>>, Fault> {
    let mut keys = app.store.principals().await?;
    keys.retain(|key| key.active && key.owner == Some(user.id));
    Ok(keys)
}

fn is_live(environment: Option<&str>) -> bool {
    environment.is_none_or(|name| name.is_empty() || name.eq_ignore_ascii_case(LIVE))
}

fn shown(key: String) -> UserApiKey {
    UserApiKey { key: Some(key), key_type: Some("secret".to_owned()), ..UserApiKey::default() }
}
