//! Giving rights to a user and taking them away (`servicestack.md` §7.1).

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Effect, Operation, Route};
use service::status::ResponseStatus;
use service::types::Map;

/// `/assignroles`.
pub static ASSIGN_ROLES: Operation = Operation {
    routes: &[Route::new("POST", "/assignroles")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<AssignRoles, AssignRolesResponse>()
};

/// `/unassignroles`.
pub static UN_ASSIGN_ROLES: Operation = Operation {
    routes: &[Route::new("POST", "/unassignroles")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<UnAssignRoles, UnAssignRolesResponse>()
};

/// Gives roles and permissions to a user.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct AssignRoles {
    /// The user name, or the user's e-mail address.
    pub user_name: Option<String>,
    /// What the user may besides.
    pub permissions: Option<Vec<String>>,
    /// What the user is besides.
    pub roles: Option<Vec<String>>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The user's rights as they are now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct AssignRolesResponse {
    /// What the user is.
    pub all_roles: Option<Vec<String>>,
    /// What the user may.
    pub all_permissions: Option<Vec<String>>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}

/// Takes roles and permissions from a user.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct UnAssignRoles {
    /// The user name, or the user's e-mail address.
    pub user_name: Option<String>,
    /// What the user may no longer.
    pub permissions: Option<Vec<String>>,
    /// What the user is no longer.
    pub roles: Option<Vec<String>>,
    /// Further facts as text; nothing is read from it.
    pub meta: Option<Map<String, Option<String>>>,
}

/// The user's rights as they are now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "ServiceStack", data_contract)]
pub struct UnAssignRolesResponse {
    /// What the user is.
    pub all_roles: Option<Vec<String>>,
    /// What the user may.
    pub all_permissions: Option<Vec<String>>,
    /// Further facts as text.
    pub meta: Option<Map<String, Option<String>>>,
    /// What went wrong.
    pub response_status: Option<ResponseStatus>,
}
