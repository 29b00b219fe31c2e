//! What a member has on file.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::SecretText;

use super::{CLUBS, PaymentProfileDto, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `GET /sales/member/{MemberId}/payment/profiles`.
pub static MEMBER_PAYMENT_PROFILES: Operation = Operation {
    routes: &[
        Route::new("GET", "/sales/member/{MemberId}/payment/profiles")
            .summary("What a member can pay with"),
        Route::new("GET", "/sales/member/{MemberId}/payment/profile/{PaymentProfileId}")
            .summary("One means of paying of a member"),
    ],
    access: CLUBS,
    tags: TAGS,
    ..Operation::of::<MemberPaymentProfiles, MemberPaymentProfilesResponse>()
};

/// Asks for what a member can pay with, cards for one use included until their day is over.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct MemberPaymentProfiles {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The member.
    #[dto(required)]
    pub member_id: i32,
    /// Only this one.
    pub payment_profile_id: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// What a member can pay with.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct MemberPaymentProfilesResponse {
    /// The oldest first.
    pub payment_profiles: Option<Vec<PaymentProfileDto>>,
}
