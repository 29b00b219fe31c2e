//! Putting a new means of paying on file, told by the member's address.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::{CLUBS, PaymentProfileResponse, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/member/{MemberId}/payment/profile`.
pub static ADD_MEMBER_PAYMENT_PROFILE: Operation = Operation {
    routes: &[Route::new("POST", "/sales/member/{MemberId}/payment/profile")
        .summary("Put a new means of paying on file for a member")],
    access: CLUBS,
    tags: TAGS,
    effect: Effect::Writes,
    card_members: &["ProfileToken"],
    ..Operation::of::<AddMemberPaymentProfile, PaymentProfileResponse>()
};

/// The same as `/sales/paymentprofile/import`, for the member in the address.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct AddMemberPaymentProfile {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// The member who gets it.
    #[dto(required)]
    pub member_id: i32,
    /// What the vault gave, at most five minutes ago.
    #[dto(required)]
    pub profile_token: Option<SecretText>,
    /// A card that stays becomes the preferred one; `true` leaves the preference as it is.
    pub do_not_update_payment_type_preference: Option<bool>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
