//! Paying back what was paid of a contract (`payments.md §6.7`).

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{Decimal, SecretText};

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/contracts/{ContractSaleID}/refund`.
pub static REFUND_CONTRACT: Operation = Operation {
    routes: &[Route::new("POST", "/sales/contracts/{ContractSaleID}/refund")
        .summary("Pay back a payment of a contract")
        .notes(
            "For an Admin, people of the chain, and keys with the permission Contracts.Refund. The \
             money goes back to where it came from, the last means of paying first. The contract \
             goes on, unless it has not begun and its first payment goes back whole: then it is \
             cancelled.",
        )],
    access: CLUBS,
    tags: super::SALES,
    effect: Effect::Writes,
    ..Operation::of::<RefundContract, RefundContractResponse>()
};

/// Pays back one payment of a contract, or a part of it.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct RefundContract {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The contract.
    #[dto(name = "ContractSaleID", required)]
    pub contract_sale_id: Option<String>,
    /// One of the installments that the payment paid; left out for what was paid with the sale.
    pub installment_number: Option<i32>,
    /// How much, tax included; left out for all that is left of the payment. A part needs an
    /// `Idempotency-Key`.
    pub amount: Option<Decimal>,
    /// Why, for the record, 500 characters at most.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// What became of the refund.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct RefundContractResponse {
    /// The contract.
    #[dto(name = "ContractSaleID")]
    pub contract_sale_id: Option<String>,
    /// Where the contract stands now.
    pub status: Option<String>,
    /// True when all of it is back with the payer.
    pub success: bool,
    /// `OK`, or how the money gets there.
    pub description: Option<String>,
    /// What this refund pays back.
    pub amount_refunded: Decimal,
    /// What was paid back of the payment in all, this refund included.
    pub total_refunded: Decimal,
    /// Currency of both.
    pub currency: Option<String>,
    /// The same refund was asked for before; nothing more goes back now.
    pub already_refunded: bool,
}
