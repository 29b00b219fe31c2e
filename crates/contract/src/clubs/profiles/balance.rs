//! What is left on a gift card.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{Decimal, SecretText};

use super::{CLUBS, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `GET /sales/member/{MemberId}/payment/profile/{PaymentProfileId}/balance`.
pub static PAYMENT_PROFILE_BALANCE: Operation = Operation {
    routes: &[Route::new(
        "GET",
        "/sales/member/{MemberId}/payment/profile/{PaymentProfileId}/balance",
    )
    .summary("What is left on a member's gift card")
    .notes("Asks the gateway each time. Ten questions an hour for a member, as for new cards.")],
    access: CLUBS,
    tags: TAGS,
    ..Operation::of::<PaymentProfileBalance, PaymentProfileBalanceResponse>()
};

/// Asks what is left on a gift card of a member.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PaymentProfileBalance {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The member.
    #[dto(required)]
    pub member_id: i32,
    /// The gift card.
    #[dto(required)]
    pub payment_profile_id: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// What is left on a gift card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PaymentProfileBalanceResponse {
    /// Its number.
    pub payment_profile_id: Option<String>,
    /// What can be spent now.
    pub balance: Decimal,
    /// Currency of it.
    pub currency: Option<String>,
}
