//! The office looks for season cards.

use service::Dto;
use service::operation::{Operation, Route};

use super::OFFICE;
use super::list::OwnerCardsResult;

/// `GET POST /OwnerCards/Search/Owner`.
pub static SEARCH_OWNER_CARDS: Operation = Operation {
    routes: &[Route::new("GET POST", "/OwnerCards/Search/Owner")
        .summary("Look for season cards by what is known of their holder")],
    access: OFFICE,
    ..Operation::of::<SearchOwnerCards, OwnerCardsResult>()
};

/// Looks for season cards of the caller's clubs, newest first. At least one of number, phone, id
/// and name must be given; a card is found when it has all that are.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SearchOwnerCards {
    /// Only cards of this club.
    pub owner_id: Option<i32>,
    /// Number of the card.
    pub id: Option<i32>,
    /// The holder's phone, with or without the country.
    pub phone_number: Option<String>,
    /// The holder's national id or member number, with or without a dash.
    pub holder_id: Option<String>,
    /// Whole words of the holder's name, in any order and case; five words count.
    pub holder_name: Option<String>,
    /// Cards to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most cards to return, 1 to 100; 20 when left out.
    pub take: Option<i32>,
}
