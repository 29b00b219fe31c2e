//! A new bearer token for a refresh token (`servicestack.md` §7.4).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::{Map, SecretText};

/// `POST /access-token`.
pub static GET_ACCESS_TOKEN: Operation = Operation {
    routes: &[Route::new("POST", "/access-token")],
    access: Access::OPEN,
    effect: Effect::Writes,
    ..Operation::of::<GetAccessToken, GetAccessTokenResponse>()
};

/// Shows a refresh token, here or in the cookie `ss-reftok`.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct GetAccessToken {
    /// The refresh token.
    pub refresh_token: Option<SecretText>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The new token.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct GetAccessTokenResponse {
    /// The bearer token; null when it comes as the cookie `ss-tok`.
    pub access_token: Option<String>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}
