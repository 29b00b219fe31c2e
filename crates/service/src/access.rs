//! Who may call an operation (`servicestack.md §7.1`, `§6.5`).

use crate::status::ServiceError;

/// Somebody who has proved who they are.
pub trait Principal {
    /// Whether the caller was given that role; names compare as published.
    fn has_role(&self, role: &str) -> bool;

    /// Whether the caller was given that permission.
    fn has_permission(&self, permission: &str) -> bool;
}

/// The role that passes every check.
pub const ROLE_ADMIN: &str = "Admin";

/// What an operation asks of its caller. Lists are kept as published, repetitions included,
/// because the operation pages show them so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether a caller must be known at all; implied by any of the lists.
    pub authenticated: bool,
    /// All of these roles are needed.
    pub all_roles: &'static [&'static str],
    /// One of these roles is needed.
    pub any_role: &'static [&'static str],
    /// All of these permissions are needed.
    pub all_permissions: &'static [&'static str],
    /// One of these permissions is needed.
    pub any_permission: &'static [&'static str],
}

impl Access {
    /// Anybody may call.
    pub const OPEN: Self = Self {
        authenticated: false,
        all_roles: &[],
        any_role: &[],
        all_permissions: &[],
        any_permission: &[],
    };

    /// Whether a caller must be known.
    pub fn needs_principal(&self) -> bool {
        self.authenticated
            || [self.all_roles, self.any_role, self.all_permissions, self.any_permission]
                .iter()
                .any(|list| !list.is_empty())
    }

    /// Checks the caller.
    ///
    /// # Errors
    /// 401 `Not Authenticated` without a caller, 403 `Invalid Role` or `Invalid Permission` for one
    /// that lacks what is asked.
    pub fn check(&self, caller: Option<&dyn Principal>) -> Result<(), ServiceError> {
        if !self.needs_principal() {
            return Ok(());
        }
        let caller = caller.ok_or_else(ServiceError::not_authenticated)?;
        if caller.has_role(ROLE_ADMIN) {
            return Ok(());
        }
        let role = |name: &&str| caller.has_role(name);
        if !self.all_roles.iter().all(role) || !one_of(self.any_role, role) {
            return Err(ServiceError::forbidden("Invalid Role"));
        }
        let permission = |name: &&str| caller.has_permission(name);
        if !self.all_permissions.iter().all(permission) || !one_of(self.any_permission, permission)
        {
            return Err(ServiceError::forbidden("Invalid Permission"));
        }
        Ok(())
    }
}

fn one_of(wanted: &[&str], has: impl Fn(&&str) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::{Access, Principal};

    struct Caller(&'static [&'static str], &'static [&'static str]);

    impl Principal for Caller {
        fn has_role(&self, role: &str) -> bool {
            self.0.contains(&role)
        }

        fn has_permission(&self, permission: &str) -> bool {
            self.1.contains(&permission)
        }
    }

    const SELLERS: Access = Access {
        any_role: &["TeamAdmin", "MobileApp", "TeamAdmin"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    };
    const CLERKS: Access =
        Access { all_roles: &["A", "B"], all_permissions: &["P", "Q"], ..Access::OPEN };

    fn check(access: Access, caller: Option<&Caller>, expected: Option<(u16, &str)>) {
        let principal = caller.map(|caller| caller as &dyn Principal);
        let refused = access.check(principal).err();
        let refused = refused.as_ref().map(|error| (error.status, error.message.as_str()));
        assert_eq!(refused, expected, "{access:?}");
    }

    /// Proves each rule: nobody, anybody, one of, all of, and the role that passes everything.
    #[test]
    fn asks_for_what_is_published() {
        check(Access::OPEN, None, None);
        check(Access { authenticated: true, ..Access::OPEN }, Some(&Caller(&[], &[])), None);
        check(SELLERS, None, Some((401, "Not Authenticated")));
        check(SELLERS, Some(&Caller(&["MobileApp"], &["ReadData"])), None);
        check(SELLERS, Some(&Caller(&["Agent"], &["ReadData"])), Some((403, "Invalid Role")));
        check(SELLERS, Some(&Caller(&["MobileApp"], &[])), Some((403, "Invalid Permission")));
        check(SELLERS, Some(&Caller(&["Admin"], &[])), None);
        check(CLERKS, Some(&Caller(&["A"], &["P", "Q"])), Some((403, "Invalid Role")));
        check(CLERKS, Some(&Caller(&["A", "B"], &["P"])), Some((403, "Invalid Permission")));
        check(CLERKS, Some(&Caller(&["A", "B"], &["P", "Q"])), None);
    }
}
