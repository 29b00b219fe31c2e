//! `/admin/apikeys/{Id}/withdraw`: ends a key that leaked, while the service sells.

use contract::authentication::withdraw_api_key::{WithdrawApiKey, WithdrawApiKeyResponse};
use domain::catalogue::Principal;
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::super::Call;
use super::empty;
use super::list_api_keys::shown;
use crate::access::admit::Refused;
use crate::access::keys::withdraw;
use crate::app::App;

/// Serves the operation.
pub(super) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<WithdrawApiKey>()?;
    let id = request.id.ok_or_else(|| empty("Id"))?;
    let keys = app.store.principals().await?;
    let Some(key) = keys.iter().find(|key| i64::from(key.id.0) == id) else {
        return Err(ServiceError::new(404, "ApiKeyNotFound", "There is no such key.").into());
    };
    withdraw(&app.store, key, &call.by()).await?;
    app.access.forget_key(key.key_id);
    let result = Some(shown(&Principal { active: false, ..Principal::clone(key) }));
    let response = WithdrawApiKeyResponse { result, ..WithdrawApiKeyResponse::default() };
    Ok(matched.reply(&response, 200))
}
