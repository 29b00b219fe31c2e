//! Which means of paying a member prefers.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::{CLUBS, PaymentProfileResponse, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/member/{MemberId}/payment/profile/{PaymentProfileId}/prefer`.
pub static PREFER_PAYMENT_PROFILE: Operation = Operation {
    routes: &[Route::new(
        "POST",
        "/sales/member/{MemberId}/payment/profile/{PaymentProfileId}/prefer",
    )
    .summary("Choose the preferred means of paying")],
    access: CLUBS,
    tags: TAGS,
    effect: Effect::Writes,
    ..Operation::of::<PreferPaymentProfile, PaymentProfileResponse>()
};

/// Makes a means of paying the one that pays where a sale names nothing. One for one use cannot be.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct PreferPaymentProfile {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The member.
    #[dto(required)]
    pub member_id: i32,
    /// Which.
    #[dto(required)]
    pub payment_profile_id: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
