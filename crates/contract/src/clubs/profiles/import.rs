//! Putting a new means of paying on file.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::{CLUBS, PaymentProfileResponse, TAGS};
use crate::contract_sold::RestrictedResourceType;

/// `POST /sales/paymentprofile/import`.
pub static IMPORT_PAYMENT_PROFILE: Operation = Operation {
    routes: &[Route::new("POST", "/sales/paymentprofile/import")
        .summary("Put a new means of paying on file")],
    access: CLUBS,
    tags: TAGS,
    effect: Effect::Writes,
    card_members: &["ProfileToken"],
    ..Operation::of::<ImportPaymentProfile, PaymentProfileResponse>()
};

/// Puts the card behind a `ProfileToken` on file for a member. A token is good for one request,
/// which may be sent again; a card for one use becomes the member's and is gone after a day.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ImportPaymentProfile {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// What the vault gave, at most five minutes ago.
    #[dto(required)]
    pub profile_token: Option<SecretText>,
    /// A card that stays becomes the preferred one; `true` leaves the preference as it is.
    pub do_not_update_payment_type_preference: Option<bool>,
    /// The member who gets it; needed when the card was left by somebody who was no member yet.
    pub new_owner_id: Option<i32>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}
