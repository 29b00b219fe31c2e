//! Contracts that are drafted first and sold later (`payments.md §4.4`).

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal, SecretText};

use super::CLUBS;
use crate::contract_sold::{ContractSoldResponse, PaymentMethodDto, RestrictedResourceType};

/// `POST /sales/agreement/add`.
pub static ADD_AGREEMENT: Operation = Operation {
    routes: &[Route::new("POST", "/sales/agreement/add")
        .summary("Draft a contract, to be sold later")
        .notes(
            "Looks at everything as a sale does and says what is due today. Nothing is charged, \
             and no use of a promo code is taken. The token is good for 24 hours.",
        )],
    access: CLUBS,
    tags: super::SALES,
    effect: Effect::Writes,
    ..Operation::of::<AddAgreement, AddAgreementResponse>()
};

/// `POST /sales/agreement/sale`.
pub static SELL_AGREEMENT: Operation = Operation {
    routes: &[Route::new("POST", "/sales/agreement/sale")
        .summary("Sell a contract that was drafted")
        .notes(
            "The token is good for one sale, whatever comes of it. The same request again answers \
             what the first one led to.",
        )],
    access: CLUBS,
    tags: super::SALES,
    effect: Effect::Writes,
    card_members: &["IncompleteAgreementToken"],
    ..Operation::of::<SellAgreement, ContractSoldResponse>()
};

/// Drafts a contract for a member of a club.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct AddAgreement {
    /// Address of the end user, for fraud checks and audit.
    #[dto(parameter = "header")]
    pub x_forwarded_for: Option<String>,
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// The buyer.
    #[dto(required)]
    pub member_id: i32,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Where it is sold.
    #[dto(required)]
    pub store_id: Option<i32>,
    /// What is sold.
    #[dto(required)]
    pub package_id: i32,
    /// The plan; the package's default when left out.
    pub installment_id: Option<i32>,
    /// First day; today when left out.
    pub start_date: Option<DateTime>,
    /// Discount.
    pub promo_code: Option<String>,
    /// Who is credited with the sale.
    pub staff_id: Option<i32>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// A contract that was drafted.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct AddAgreementResponse {
    /// With it the contract is sold. Lower case in the contract.
    #[dto(name = "incompleteAgreementToken")]
    pub incomplete_agreement_token: Option<String>,
    /// The contract's id; its sale answers it as `ContractSaleID`.
    #[dto(name = "contractId")]
    pub contract_id: Option<String>,
    /// What its sale must take, tax included.
    pub total_due_today: Decimal,
    /// From when on the token is no longer taken, in UTC.
    pub expires_utc: DateTime,
}

/// Sells a contract that was drafted.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct SellAgreement {
    /// Address of the end user, for fraud checks and audit.
    #[dto(parameter = "header")]
    pub x_forwarded_for: Option<String>,
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// What drafting it answered.
    #[dto(required)]
    pub incomplete_agreement_token: Option<SecretText>,
    /// Guard: the member for whom it was drafted.
    pub member_id: Option<i32>,
    /// Guard: total due today, tax included.
    pub payment_amount: Option<Decimal>,
    /// How to take the money, in order, 0 to 10; null is the preferred method for all.
    pub payment_methods: Option<Vec<PaymentMethodDto>>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
