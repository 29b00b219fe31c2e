//! Every key there is, for whoever runs the service.

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Operation, Route};
use service::status::ResponseStatus;

/// Most keys one answer holds.
pub const KEYS_TAKE_MAX: usize = 200;

/// `GET /admin/apikeys`.
pub static LIST_API_KEYS: Operation = Operation {
    routes: &[Route::new("GET", "/admin/apikeys")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    tags: &["authentication"],
    ..Operation::of::<ListApiKeys, ListApiKeysResponse>()
};

/// Asks for the keys of programs and of users, by number, 200 at a time.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListApiKeys {
    /// Only keys of a greater number, to read on.
    pub after_id: Option<i64>,
    /// Whether keys that open nothing any more are told, too.
    pub include_withdrawn: Option<bool>,
}

/// Some of the keys.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListApiKeysResponse {
    /// The keys by number. Fewer than 200 are the last ones.
    pub results: Option<Vec<ApiKeyInfo>>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}

/// What is known of a key; the key itself is not.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ApiKeyInfo {
    /// Its number, by which it is withdrawn.
    pub id: Option<i64>,
    /// How it begins; null for the earliest keys.
    pub begins: Option<String>,
    /// What the operator calls it.
    pub name: Option<String>,
    /// Whether it opens anything.
    pub active: Option<bool>,
    /// The number of the user whose key it is, and whose rights it has; null for a program's.
    pub user_id: Option<String>,
    /// What it is, if it is a program's.
    pub roles: Option<Vec<String>>,
    /// What it may, if it is a program's.
    pub permissions: Option<Vec<String>>,
    /// The numbers of the clubs that a TeamAdmin acts for.
    pub owner_ids: Option<Vec<i64>>,
}
