//! A user's own API keys (`servicestack.md` §7.1, §7.5).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::{DateTime, Map};

/// `GET /apikeys`.
pub static GET_API_KEYS: Operation = Operation {
    routes: &[Route::new("GET", "/apikeys"), Route::new("GET", "/apikeys/{Environment}")],
    access: Access { authenticated: true, ..Access::OPEN },
    ..Operation::of::<GetApiKeys, GetApiKeysResponse>()
};

/// `POST /apikeys/regenerate`.
pub static REGENERATE_API_KEYS: Operation = Operation {
    routes: &[
        Route::new("POST", "/apikeys/regenerate"),
        Route::new("POST", "/apikeys/regenerate/{Environment}"),
    ],
    access: Access { authenticated: true, ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<RegenerateApiKeys, RegenerateApiKeysResponse>()
};

/// Asks for the keys of whoever is signed in.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct GetApiKeys {
    /// `live` is the only one here; another has no keys.
    pub environment: Option<String>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The keys that are good.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct GetApiKeysResponse {
    /// The keys; of each only how it begins.
    pub results: Option<Vec<UserApiKey>>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}

/// Withdraws the keys of whoever is signed in and makes a new one.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct RegenerateApiKeys {
    /// `live` is the only one here.
    pub environment: Option<String>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The new key.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct RegenerateApiKeysResponse {
    /// The key, whole, for the only time.
    pub results: Option<Vec<UserApiKey>>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}

/// One key.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct UserApiKey {
    /// The key, or how it begins.
    pub key: Option<String>,
    /// Always `secret`: there are no keys for publication.
    pub key_type: Option<String>,
    /// When it expires; keys here are good until they are withdrawn.
    pub expiry_date: Option<DateTime>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
}
