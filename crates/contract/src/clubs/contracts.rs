//! Contracts that were sold.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal, SecretText};

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `GET /sales/contracts/{ContractSaleID}` and those of a member.
pub static FIND_CONTRACTS: Operation = Operation {
    routes: &[
        Route::new("GET", "/sales/contracts/{ContractSaleID}").summary("One contract"),
        Route::new("GET", "/sales/member/{MemberId}/contracts")
            .summary("The contracts of a member"),
    ],
    access: CLUBS,
    tags: super::SALES,
    ..Operation::of::<FindContracts, FindContractsResponse>()
};

/// Asks for one contract, or for those of a member.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct FindContracts {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Only this one: the id that the sale answered.
    #[dto(name = "ContractSaleID")]
    pub contract_sale_id: Option<String>,
    /// Only this member's.
    pub member_id: Option<i32>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// Contracts, the newest first, a thousand at most.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct FindContractsResponse {
    /// The contracts.
    pub contracts: Option<Vec<ContractDto>>,
}

/// A package that was sold to a member.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ContractDto {
    /// Its id.
    #[dto(name = "ContractSaleID")]
    pub contract_sale_id: Option<String>,
    /// `Incomplete` before it is sold, `Draft` while its payment is not known, `Scheduled` before
    /// its first day, `Active`, `Frozen`, `Completed`, `Cancelled`, or `NotSold`.
    pub status: Option<String>,
    /// The member.
    pub member_id: i32,
    /// The store that sold it.
    pub store_id: i32,
    /// Who is credited with it.
    pub staff_id: Option<i32>,
    /// The package.
    pub package_id: i32,
    /// Its name when it was sold.
    pub package_name: Option<String>,
    /// The plan.
    pub installment_id: i32,
    /// Its name when it was sold.
    pub installment_name: Option<String>,
    /// Its first day.
    pub start_date: DateTime,
    /// The day of the sale, by the calendar of the store.
    pub sold_date: DateTime,
    /// The currency of every amount.
    pub currency: Option<String>,
    /// After the last instalment it begins again, until the contract is cancelled.
    pub is_evergreen: bool,
    /// The first day of a freeze that is to come or lasts.
    pub frozen_from: Option<DateTime>,
    /// The day on which it goes on after that.
    pub frozen_until: Option<DateTime>,
    /// The day from which it was cancelled.
    pub cancelled_from: Option<DateTime>,
    /// The first day after its last period, if that is known.
    pub end_date: Option<DateTime>,
    /// How many payments are older than those that are listed.
    pub earlier_installments: i32,
    /// What was paid with those, with tax.
    pub earlier_paid: Decimal,
    /// What is to be paid, in the order in which it falls due.
    pub installments: Option<Vec<InstallmentDto>>,
}

/// One payment of a contract.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct InstallmentDto {
    /// Its number in the contract, from 1.
    pub number: i32,
    /// When it falls due.
    pub due_date: DateTime,
    /// Before tax.
    pub amount: Decimal,
    /// The tax on it.
    pub tax_amount: Decimal,
    /// With tax.
    pub total: Decimal,
    /// The fee's number within the package; none for a part of the price.
    pub setup_fee_id: Option<i32>,
    /// `Scheduled`, `Due` while it is being paid, `PastDue`, `Paid`, `Refunded`, `WrittenOff` or
    /// `Cancelled`.
    pub status: Option<String>,
    /// How often it was tried to charge it, apart from the sale.
    pub tries: i32,
    /// When it is tried again by itself.
    pub next_try_date: Option<DateTime>,
    /// Why the last try failed: a stable code.
    pub failure: Option<String>,
    /// The sale that paid it.
    pub paid_sale_id: Option<i32>,
}
