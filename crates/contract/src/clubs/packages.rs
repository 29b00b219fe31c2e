//! What a chain sells by contract.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal, SecretText};

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `GET /sales/packages`.
pub static LIST_PACKAGES: Operation = Operation {
    routes: &[Route::new("GET", "/sales/packages").summary("What can be sold to members")],
    access: CLUBS,
    tags: super::SALES,
    ..Operation::of::<ListPackages, ListPackagesResponse>()
};

/// Asks for the packages of a chain, with their plans and fees.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ListPackages {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Only what this store sells now.
    pub store_id: Option<i32>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The packages of a chain.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ListPackagesResponse {
    /// By number.
    pub packages: Option<Vec<PackageDto>>,
}

/// What is sold by contract.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PackageDto {
    /// Its number; sales name it as `PackageId`.
    pub package_id: i32,
    /// Its name.
    pub name: Option<String>,
    /// Before tax, for all payments of a plan together.
    pub price: Decimal,
    /// The currency of price and fees.
    pub currency: Option<String>,
    /// Tax on price and taxed fees, in percent.
    pub tax_rate: Decimal,
    /// On sale at this moment, at one store or another.
    pub on_sale: bool,
    /// From when it may be bought, in UTC.
    pub sale_from: Option<DateTime>,
    /// Until when it may be bought, in UTC.
    pub sale_to: Option<DateTime>,
    /// The stores that sell it; none where every store of the chain does.
    pub store_ids: Option<Vec<i32>>,
    /// What is charged once beside the price.
    pub fees: Option<Vec<PackageFeeDto>>,
    /// How it may be paid.
    pub installment_plans: Option<Vec<InstallmentPlanDto>>,
}

/// A fee of a package.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PackageFeeDto {
    /// Its number within the package.
    pub setup_fee_id: i32,
    /// Its name.
    pub fee_name: Option<String>,
    /// `SetUp` or `Enhancement`.
    pub kind: Option<String>,
    /// Before tax.
    pub amount: Decimal,
    /// The package's tax comes on top.
    pub taxed: bool,
    /// It is paid with the sale.
    pub pay_today: bool,
}

/// How a package may be paid.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct InstallmentPlanDto {
    /// Its number; sales name it as `InstallmentId`.
    pub installment_plan_id: i32,
    /// Its name.
    pub name: Option<String>,
    /// Taken when a sale names no plan.
    pub is_default: bool,
    /// In how many payments the price is paid.
    pub payments: i32,
    /// `Months`, `Weeks` or `Days`.
    pub interval: Option<String>,
    /// How many of them lie between two payments.
    pub interval_count: i32,
    /// Before tax, the first payment where it is no equal part.
    pub down_payment: Option<Decimal>,
    /// The first payment is made with the sale.
    pub pay_today: bool,
    /// After the last payment it begins again, until the contract is cancelled.
    pub is_evergreen: bool,
    /// The member must have a preferred means of paying on file.
    pub require_payment_profile: bool,
}
