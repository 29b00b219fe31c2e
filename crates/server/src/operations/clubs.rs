//! Operations of the host `clubs`: what chains of clubs sell, to whom, and what their members pay
//! with.

pub(super) mod agreements;
pub(super) mod answer;
pub(super) mod caller;
mod contract_refund;
mod contract_sale;
mod contract_sold;
mod contracts;
mod dates;
pub(super) mod life;
mod members;
mod new_user_sold;
mod packages;
mod plan;
pub(super) mod profiles;
mod staff;
mod stores;

use contract::clubs as declared;

use self::profiles::{asked, note};
use super::handlers::{Handler, handler};

/// The longest promo code, in characters.
const PROMO_CODE_LENGTH_MAX: usize = 64;

/// What serves the operations about stores, people and sales.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(contract::contract_sold::CONTRACT_SOLD, contract_sold::serve),
    handler!(declared::new_user_sold::CONTRACT_SOLD_NEW_USER, new_user_sold::serve),
    handler!(declared::plan::CALCULATE_INSTALLMENT_PLAN, plan::serve),
    handler!(declared::packages::LIST_PACKAGES, packages::serve),
    handler!(declared::contract_refund::REFUND_CONTRACT, contract_refund::serve),
    handler!(declared::contracts::FIND_CONTRACTS, contracts::serve),
    handler!(declared::stores::LIST_STORES, stores::serve),
    handler!(declared::members::FIND_MEMBERS, members::serve_find),
    handler!(declared::members::SAVE_MEMBER, members::serve_save),
    handler!(declared::staff::LIST_STAFF, staff::serve_list),
    handler!(declared::staff::SAVE_STAFF, staff::serve_save),
];
