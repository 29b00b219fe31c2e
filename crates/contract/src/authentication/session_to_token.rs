//! Tokens for whoever is signed in (`servicestack.md` §7.1).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::Map;

/// `POST /session-to-token`.
pub static CONVERT_SESSION_TO_TOKEN: Operation = Operation {
    routes: &[Route::new("POST", "/session-to-token")],
    access: Access { authenticated: true, ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<ConvertSessionToToken, ConvertSessionToTokenResponse>()
};

/// Changes a session for tokens, which come as the cookies `ss-tok` and `ss-reftok`.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct ConvertSessionToToken {
    /// Whether the session goes on.
    pub preserve_session: bool,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The tokens.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct ConvertSessionToTokenResponse {
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
    /// The bearer token; null because it comes as a cookie.
    pub access_token: Option<String>,
    /// The refresh token; null because it comes as a cookie.
    pub refresh_token: Option<String>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}
