//! Chains of clubs: what they sell beside the published contract (`domain.md §6`), and what their
//! members pay with.

pub mod agreements;
pub mod contract_refund;
pub mod contracts;
pub mod life;
pub mod members;
pub mod new_user_sold;
pub mod packages;
pub mod plan;
pub mod profiles;
pub mod staff;
pub mod stores;

use service::access::Access;

/// Whoever shows the key of a club's program, which the operation itself checks, because it may
/// stand in the body.
const CLUBS: Access = Access::OPEN;

/// The group of operations about what is sold.
const SALES: &[&str] = &["sales"];

/// The group of operations about stores and people.
const PEOPLE: &[&str] = &["stores and people"];
