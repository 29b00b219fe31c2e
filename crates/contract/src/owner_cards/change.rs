//! The office changes a season card.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{OFFICE, OwnerCardResult};

/// `PUT /OwnerCards`.
pub static UPDATE_OWNER_CARD: Operation = Operation {
    routes: &[Route::new("PUT", "/OwnerCards")
        .summary("Say who holds a season card, close it, or open it again")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<UpdateOwnerCard, OwnerCardResult>()
};

/// Changes a season card of the caller's clubs. What is left out or empty stays as it is. The audit
/// keeps what was before.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct UpdateOwnerCard {
    /// Number of the card.
    pub id: i32,
    /// The phone it shall belong to.
    pub phone_number: Option<String>,
    /// National id or member number of its holder.
    pub holder_id: Option<String>,
    /// Name of its holder.
    pub holder_name: Option<String>,
    /// Address of its holder.
    pub holder_email: Option<String>,
    /// True closes it: it gives nothing until it is opened again by false.
    pub is_blocked: Option<bool>,
    /// Why, for the record, at most 500 characters.
    pub reason: Option<String>,
}
