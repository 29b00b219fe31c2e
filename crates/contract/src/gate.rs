//! The gate (`domain.md §7.1, §8`): scans online and offline.

pub mod bundle;
pub mod counts;
pub mod scan;
pub mod undo;
pub mod upload;

use service::access::Access;

/// Who stands at a gate: the office, and scanners with a key of their own.
const SCANNERS: Access = Access {
    any_role: &["Admin", "TeamAdmin", "Gate"],
    any_permission: &["Tickets.Scan", "ReadData"],
    ..Access::OPEN
};
