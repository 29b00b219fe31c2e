//! The framework's types that client libraries define themselves, so that files leave them out
//! (`servicestack.md §9.3`). Libraries have them by the group.

/// Which of the framework's types the library of a language defines.
#[derive(Debug)]
pub(crate) enum Owned {
    /// Every one.
    All,
    /// Those of these groups.
    Groups(&'static [&'static [&'static str]]),
}

impl Owned {
    /// Files stand alone: they import no library, so they define all they name.
    pub(crate) const NONE: Self = Self::Groups(&[]);

    /// Whether the library defines the type of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        matches!(self, Self::All) || self.names().any(|owned| owned == name)
    }

    /// The names of the groups.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        let groups = match self {
            Self::All => &[],
            Self::Groups(groups) => *groups,
        };
        groups.iter().copied().flatten().copied()
    }
}

/// Errors, answers without a type of their own, and signing in: nearly every library has them.
pub(crate) const CLIENT: &[&str] = &[
    "Authenticate",
    "AuthenticateResponse",
    "ConvertSessionToToken",
    "ConvertSessionToTokenResponse",
    "EmptyResponse",
    "GetAccessToken",
    "GetAccessTokenResponse",
    "IdResponse",
    "ResponseError",
    "ResponseStatus",
    "StringResponse",
    "StringsResponse",
];

/// Roles and keys of users.
pub(crate) const ACCESS: &[&str] = &[
    "AssignRoles",
    "AssignRolesResponse",
    "GetApiKeys",
    "GetApiKeysResponse",
    "RegenerateApiKeys",
    "RegenerateApiKeysResponse",
    "UnAssignRoles",
    "UnAssignRolesResponse",
    "UserApiKey",
];

/// New users.
pub(crate) const REGISTRATION: &[&str] = &["Register", "RegisterResponse"];

/// Who changed a row, and when.
pub(crate) const AUDIT: &[&str] = &["AuditBase"];

/// Menus.
pub(crate) const NAVIGATION: &[&str] = &["GetNavItems", "GetNavItemsResponse", "NavItem"];

/// Requests that end another one.
pub(crate) const CANCELLATION: &[&str] = &["CancelRequest", "CancelRequestResponse"];

/// Bases of queries.
pub(crate) const QUERIES: &[&str] = &["QueryBase", "QueryData", "QueryDb", "QueryResponse"];
