//! Withdrawing a key that leaked, while the service runs.

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;

use super::list_api_keys::ApiKeyInfo;

/// `POST /admin/apikeys/{Id}/withdraw`.
pub static WITHDRAW_API_KEY: Operation = Operation {
    routes: &[Route::new("POST", "/admin/apikeys/{Id}/withdraw")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    effect: Effect::Writes,
    tags: &["authentication"],
    ..Operation::of::<WithdrawApiKey, WithdrawApiKeyResponse>()
};

/// Makes a key open nothing any more: at once on this node, within two seconds on others. The
/// requests that are signed by an app with this key end with it.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct WithdrawApiKey {
    /// Its number, from `ListApiKeys`. Withdrawing it again changes nothing.
    pub id: Option<i64>,
}

/// The key as it is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct WithdrawApiKeyResponse {
    /// The key.
    pub result: Option<ApiKeyInfo>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}
