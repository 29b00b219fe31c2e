//! Signing in, keys and rights: the framework's own operations (`servicestack.md` §7) and two of
//! ours, on every host.

pub mod api_keys;
pub mod assign_roles;
pub mod authenticate;
pub mod get_access_token;
pub mod list_api_keys;
pub mod register;
pub mod session_to_token;
pub mod withdraw_api_key;

use service::operation::Operation;

/// The operations, in the order in which a host declares them.
pub const OPERATIONS: [&Operation; 10] = [
    &authenticate::AUTHENTICATE,
    &register::REGISTER,
    &assign_roles::ASSIGN_ROLES,
    &assign_roles::UN_ASSIGN_ROLES,
    &get_access_token::GET_ACCESS_TOKEN,
    &session_to_token::CONVERT_SESSION_TO_TOKEN,
    &api_keys::GET_API_KEYS,
    &api_keys::REGENERATE_API_KEYS,
    &list_api_keys::LIST_API_KEYS,
    &withdraw_api_key::WITHDRAW_API_KEY,
];
