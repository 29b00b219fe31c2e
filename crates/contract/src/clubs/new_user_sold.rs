//! Selling a contract to somebody who becomes a member with it (`payments.md §4.4`).

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal, SecretText};

use super::CLUBS;
use crate::contract_sold::{PaymentMethodDto, PendingPaymentResponse, RestrictedResourceType};

/// `POST /sales/contract/sold/new/user`.
pub static CONTRACT_SOLD_NEW_USER: Operation = Operation {
    routes: &[Route::new("POST", "/sales/contract/sold/new/user")
        .summary("Sell a package to a new user")
        .notes(
            "Adds the member and sells in one step. A member whose sale is not paid stays, without \
             a contract: sell to them by their number then.",
        )],
    access: CLUBS,
    tags: super::SALES,
    effect: Effect::Writes,
    ..Operation::of::<ContractSoldNewUserEndpoint, ContractSoldNewUserResponse>()
};

/// Adds a member to a club and sells a package to them.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ContractSoldNewUserEndpoint {
    /// Address of the end user, for fraud checks and audit.
    #[dto(parameter = "header")]
    pub x_forwarded_for: Option<String>,
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The store, which becomes the member's club.
    #[dto(required)]
    pub store_id: Option<i32>,
    /// Their name, 100 characters at most.
    #[dto(required)]
    pub name: Option<String>,
    /// Where letters go. No other member of the chain may have the address.
    pub email: Option<String>,
    /// Their phone, in international form.
    pub phone: Option<String>,
    /// The club's own number for them, 255 characters at most.
    pub external_id: Option<String>,
    /// What is sold.
    #[dto(required)]
    pub package_id: i32,
    /// The plan; the package's default when left out.
    pub installment_id: Option<i32>,
    /// First day; today when left out.
    pub start_date: Option<DateTime>,
    /// Guard: total due today, tax included.
    #[dto(required)]
    pub payment_amount: Option<Decimal>,
    /// Discount.
    pub promo_code: Option<String>,
    /// Who is credited with the sale.
    pub staff_id: Option<i32>,
    /// How to take the money, in order, 0 to 10. A new user has nothing on file, so each names a
    /// `ProfileToken`.
    pub payment_methods: Option<Vec<PaymentMethodDto>>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The answer to [`ContractSoldNewUserEndpoint`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ContractSoldNewUserResponse {
    /// The new member, whatever came of the sale.
    pub member_id: i32,
    /// Id of the contract, once sold or under review.
    #[dto(name = "ContractSaleID")]
    pub contract_sale_id: Option<String>,
    /// What was sold, or a stable code, a colon and a sentence.
    #[dto(name = "description")]
    pub description: Option<String>,
    /// True only when the sale is fully covered.
    pub success: bool,
    /// One row for each method that was tried, in order.
    pub payment_responses: Option<Vec<PendingPaymentResponse>>,
}
