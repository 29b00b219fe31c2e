//! Phone verification (`domain.md §1.5`): a code goes to a phone, and the device on which it is
//! typed in gets a token that speaks for the phone.

pub mod confirm;
pub mod outbox;
pub mod request;
pub mod revoke;

use service::access::Access;

/// Whoever sells: the app for its users, and a box office that wants to see a phone proved.
const SELLERS: Access = Access {
    any_role: &["Admin", "TeamAdmin", "MobileApp"],
    any_permission: &["ReadData"],
    ..Access::OPEN
};
