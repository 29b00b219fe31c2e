//! A club gives season cards away.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{OFFICE, OwnerCards};

/// `POST /eventOwnerGiveAwayCards`.
pub static GIVE_AWAY_CARDS: Operation = Operation {
    routes: &[Route::new("POST", "/eventOwnerGiveAwayCards")
        .summary("Give season cards away; credit on them is the club's gift")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<EventOwnerGiveAwayCards, EventOwnerGiveAwayCardsResult>()
};

/// Gives season cards of one kind away: all of them or none. Kinds that only the club gives out may
/// be named. With the header `Idempotency-Key` the same request again gives nothing twice.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventOwnerGiveAwayCards {
    /// The kind of card.
    pub owner_card_type_id: i32,
    /// Who gets one, 1 to 400.
    pub holders: Option<Vec<GiveAwayCardHolder>>,
    /// What for, for the record, at most 500 characters.
    pub reason: Option<String>,
    /// Whether the response carries `cards`.
    pub return_cards: bool,
}

/// Who gets a card; at least one member must be given.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GiveAwayCardHolder {
    /// The phone it shall belong to.
    pub phone_number: Option<String>,
    /// National id or member number.
    pub holder_id: Option<String>,
    /// Name.
    pub holder_name: Option<String>,
    /// E-mail address.
    pub holder_email: Option<String>,
}

/// Cards that were given away.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventOwnerGiveAwayCardsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Numbers of the cards, in the order of the holders.
    pub owner_card_ids: Option<Vec<i32>>,
    /// This very request had given them away before.
    pub already_given: bool,
    /// The cards as they are now.
    pub cards: Option<Vec<OwnerCards>>,
}
