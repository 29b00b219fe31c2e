//! Freeze a contract.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, SecretText};

use super::ContractChangedResponse;
use crate::clubs::{CLUBS, SALES};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/contracts/{ContractSaleID}/freeze`.
pub static FREEZE_CONTRACT: Operation = Operation {
    routes: &[
        Route::new("POST", "/sales/contracts/{ContractSaleID}/freeze").summary("Freeze a contract")
    ],
    access: CLUBS,
    tags: SALES,
    effect: Effect::Writes,
    ..Operation::of::<FreezeContract, ContractChangedResponse>()
};

/// Freezes a contract: nothing is charged from a day on. When it goes on, everything that was to
/// come is charged so many days later.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct FreezeContract {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The contract.
    #[dto(name = "ContractSaleID", required)]
    pub contract_sale_id: Option<String>,
    /// The first day; today without one.
    pub from_date: Option<DateTime>,
    /// The day on which it goes on; left out until somebody says so.
    pub until_date: Option<DateTime>,
    /// Why, for the record, 500 characters at most.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
