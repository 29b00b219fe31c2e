//! Removing a means of paying.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::{CLUBS, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `DELETE /sales/member/{MemberId}/payment/profile/{PaymentProfileId}`.
pub static REMOVE_PAYMENT_PROFILE: Operation = Operation {
    routes: &[
        Route::new("DELETE", "/sales/member/{MemberId}/payment/profile/{PaymentProfileId}")
            .summary("Remove a means of paying"),
        Route::new("POST", "/sales/member/{MemberId}/payment/profile/{PaymentProfileId}/remove")
            .summary("Remove a means of paying"),
    ],
    access: CLUBS,
    tags: TAGS,
    effect: Effect::Writes,
    ..Operation::of::<RemovePaymentProfile, RemovePaymentProfileResponse>()
};

/// Removes a means of paying: it can be charged no more, and the gateway is told to refuse it.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct RemovePaymentProfile {
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

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct RemovePaymentProfileResponse {
    /// Done.
    pub success: bool,
    /// What was done.
    #[dto(name = "description")]
    pub description: Option<String>,
}
