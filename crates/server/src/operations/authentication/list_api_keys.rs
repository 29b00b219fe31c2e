//! `/admin/apikeys`: every key there is, of each how it begins and what it opens.

use contract::authentication::list_api_keys::{
    ApiKeyInfo, KEYS_TAKE_MAX, ListApiKeys, ListApiKeysResponse,
};
use domain::catalogue::Principal;
use service::matched::Matched;
use service::reply::Reply;

use super::super::Call;
use crate::access::admit::Refused;
use crate::app::App;

/// Serves the operation.
pub(super) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    _call: &Call<'_>,
) -> Result<Reply, Refused> {
    let request = matched.bind::<ListApiKeys>()?;
    let after = request.after_id.unwrap_or_default();
    let is_all = request.include_withdrawn.unwrap_or(false);
    let keys = app.store.principals().await?;
    let asked = keys.iter().filter(|key| i64::from(key.id.0) > after && (is_all || key.active));
    let results = asked.take(KEYS_TAKE_MAX).map(|key| shown(key)).collect();
    let response = ListApiKeysResponse { results: Some(results), ..ListApiKeysResponse::default() };
    Ok(matched.reply(&response, 200))
}

/// What an Admin may know of a key.
pub(super) fn shown(key: &Principal) -> ApiKeyInfo {
    let owner_ids = key.organisers.iter().map(|shard| i64::from(shard.0)).collect();
    ApiKeyInfo {
        id: Some(key.id.0.into()),
        begins: Some(key.hint.clone()).filter(|hint| !hint.is_empty()),
        name: Some(key.name.clone()),
        active: Some(key.active),
        user_id: key.owner.map(|user| user.0.to_string()),
        roles: Some(key.roles.clone()),
        permissions: Some(key.permissions.clone()),
        owner_ids: Some(owner_ids),
    }
}
