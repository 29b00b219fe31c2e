//! Give up an overdue payment.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::ContractChangedResponse;
use crate::clubs::{CLUBS, SALES};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/contracts/{ContractSaleID}/installments/{InstallmentNumber}/writeoff`.
pub static WRITE_OFF_INSTALLMENT: Operation = Operation {
    routes: &[Route::new(
        "POST",
        "/sales/contracts/{ContractSaleID}/installments/{InstallmentNumber}/writeoff",
    )
    .summary("Give up an overdue payment")],
    access: CLUBS,
    tags: SALES,
    effect: Effect::Writes,
    ..Operation::of::<WriteOffInstallment, ContractChangedResponse>()
};

/// Gives up an overdue payment of a contract: it is not charged any more.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct WriteOffInstallment {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The contract.
    #[dto(name = "ContractSaleID", required)]
    pub contract_sale_id: Option<String>,
    /// Which payment.
    #[dto(required)]
    pub installment_number: i32,
    /// Why, for the record, 500 characters at most.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
