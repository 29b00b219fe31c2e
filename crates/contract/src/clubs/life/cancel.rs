//! Cancel a contract.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, SecretText};

use super::ContractChangedResponse;
use crate::clubs::{CLUBS, SALES};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/contracts/{ContractSaleID}/cancel`.
pub static CANCEL_CONTRACT: Operation = Operation {
    routes: &[
        Route::new("POST", "/sales/contracts/{ContractSaleID}/cancel").summary("Cancel a contract")
    ],
    access: CLUBS,
    tags: SALES,
    effect: Effect::Writes,
    ..Operation::of::<CancelContract, ContractChangedResponse>()
};

/// Cancels a contract: what falls due from a day on is not charged. What fell due earlier is still
/// owed, and what was paid stays paid; pay it back apart.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct CancelContract {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The contract.
    #[dto(name = "ContractSaleID", required)]
    pub contract_sale_id: Option<String>,
    /// The first day on which it is no more; today without one.
    pub from_date: Option<DateTime>,
    /// Why, for the record, 500 characters at most.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
