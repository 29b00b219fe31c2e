//! The season cards of a phone.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use super::OwnerCards;
use crate::shared::RequestSignature;

/// `GET POST /OwnerCards`.
pub static OWNER_CARDS: Operation = Operation {
    routes: &[Route::new("GET POST", "/OwnerCards").summary("The season cards of a phone")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    ..Operation::of::<GetOwnerCards, OwnerCardsResult>()
};

/// Asks for the season cards of a phone, newest first. The app gets those of the phone that was
/// verified; a box office those of its own clubs.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GetOwnerCards {
    /// From the app the token that a phone verification gave; from a box office a phone number.
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
    /// Only cards of this club.
    pub owner_id: Option<i32>,
    /// True leaves out cards that cannot be used now: closed, paid back, used up, not valid yet or
    /// no longer.
    pub only_usable: bool,
    /// Cards to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most cards to return, 1 to 100; 20 when left out.
    pub take: Option<i32>,
}

/// One page of season cards.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page.
    pub results: Option<Vec<OwnerCards>>,
    /// Numbers of the cards of this page that the club has closed.
    pub blocked_ids: Option<Vec<i32>>,
    /// Cards that were found, on all pages; 1,000 at most.
    pub total: i32,
}
