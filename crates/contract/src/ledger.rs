//! The books, for whoever keeps them: balances, what was booked, payments in doubt
//! (`domain.md §8`, `payments.md §7`).

pub mod attempts;
pub mod balances;
pub mod entries;
pub mod settlements;
pub mod unsettled;

use service::access::Access;

/// Who reads the books.
const OFFICE: Access = Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN };
