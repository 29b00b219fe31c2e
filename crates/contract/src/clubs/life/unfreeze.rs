//! Let a frozen contract go on.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::ContractChangedResponse;
use crate::clubs::{CLUBS, SALES};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/contracts/{ContractSaleID}/unfreeze`.
pub static UNFREEZE_CONTRACT: Operation = Operation {
    routes: &[Route::new("POST", "/sales/contracts/{ContractSaleID}/unfreeze")
        .summary("Let a frozen contract go on")],
    access: CLUBS,
    tags: SALES,
    effect: Effect::Writes,
    ..Operation::of::<UnfreezeContract, ContractChangedResponse>()
};

/// Lets a frozen contract go on from today, or takes back a freeze that is to come.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct UnfreezeContract {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The contract.
    #[dto(name = "ContractSaleID", required)]
    pub contract_sale_id: Option<String>,
    /// Why, for the record, 500 characters at most.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
