//! What a package costs by one of its plans (`payments.md §4.4`).

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal, SecretText};

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `GET /sales/packages/{PackageId}/installments/calculate/{InstallmentPlanId}`.
pub static CALCULATE_INSTALLMENT_PLAN: Operation = Operation {
    routes: &[Route::new(
        "GET",
        "/sales/packages/{PackageId}/installments/calculate/{InstallmentPlanId}",
    )
    .summary("Calculate what a package costs by a plan, payment by payment")],
    access: CLUBS,
    tags: super::SALES,
    ..Operation::of::<CalculateInstallmentPlan, CalculateInstallmentPlanResponse>()
};

/// Asks what a member would pay, and when. Nothing is sold.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct CalculateInstallmentPlan {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The package.
    #[dto(required)]
    pub package_id: i32,
    /// The plan; 0 for the package's default plan.
    #[dto(required)]
    pub installment_plan_id: i32,
    /// The store that would sell it.
    #[dto(required)]
    pub store_id: Option<i32>,
    /// The first day; today when left out.
    pub start_date: Option<DateTime>,
    /// Discount. Whether a use of it is left for a member is told by the sale.
    pub promo_code: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// What a package costs by a plan. Of an evergreen plan, the first run of its payments.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct CalculateInstallmentPlanResponse {
    /// Everything, with tax.
    pub plan_total: Decimal,
    /// The price less its discount, before tax.
    pub sub_total: Decimal,
    /// In percent.
    pub tax_rate: Decimal,
    /// Enhancement fees, before tax.
    pub enhancement_fee: Decimal,
    /// The tax on them.
    pub enhancement_fee_tax_amount: Decimal,
    /// Enhancement fees are taxed.
    pub tax_enh_fee: bool,
    /// All tax.
    pub tax: Decimal,
    /// What a sale takes today, with tax: its `PaymentAmount`.
    pub total_due_today: Decimal,
    /// The parts of the price, in the order in which they fall due.
    pub payments: Option<Vec<PlannedPaymentDto>>,
    /// The fees.
    pub fees: Option<Vec<PlannedPaymentDto>>,
    /// After the last payment it begins again, until the contract is cancelled.
    pub is_evergreen: bool,
    /// The member must have a preferred means of paying on file.
    pub require_payment_profile: bool,
}

/// One payment of a plan.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PlannedPaymentDto {
    /// It is paid with the sale.
    pub pay_today: bool,
    /// Before tax.
    pub amount: Decimal,
    /// Tax comes on top.
    pub taxed: bool,
    /// In percent; 0 where nothing is taxed.
    pub tax_rate: Decimal,
    /// The tax on it.
    pub tax_amount: Decimal,
    /// Which fee it is; none for a part of the price.
    pub fee_name: Option<String>,
    /// When it falls due.
    pub due_date: DateTime,
    /// With tax.
    pub total: Decimal,
    /// The fee's number within the package; none for a part of the price.
    pub setup_fee_id: Option<i32>,
}
