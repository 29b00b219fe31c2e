//! Organisers: who sells.

use service::Dto;
use service::example::Example;
use service::operation::{Effect, Operation, Route};

use super::{OFFICE, TAGS};

/// `GET /backOffice/owners`.
pub static LIST_EVENT_OWNERS: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/owners")],
    access: OFFICE,
    tags: TAGS,
    example: Some(Example { request: "{}", sources: &[], note: "The first fifty." }),
    ..Operation::of::<ListEventOwners, ListEventOwnersResult>()
};

/// `POST /backOffice/owners`.
pub static SAVE_EVENT_OWNER: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/owners")],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveEventOwner, SaveEventOwnerResult>()
};

/// Organisers that the caller may act for.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListEventOwners {
    /// Only this one.
    pub event_owner_id: Option<i32>,
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListEventOwnersResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<EventOwnerEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes an organiser, or changes one. An organiser's own people may change its name, its pictures
/// and whether a transfer must say why; all else is an Admin's.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventOwner {
    /// What is to be.
    pub entry: Option<EventOwnerEntry>,
    /// Nobody is above it any more.
    pub clear_super_owner: bool,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventOwnerResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<EventOwnerEntry>,
}

/// An organiser.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventOwnerEntry {
    /// Its number; left out for a new one.
    pub id: Option<i32>,
    /// The state of the catalogue it was read from; needed for a change.
    pub revision: Option<i64>,
    /// The short name that a catalogue file knows it by: 1 to 64 letters, digits, '-', '_', '.'.
    /// Set once; its number when left out.
    pub slug: Option<String>,
    /// The name buyers see, at most 255 characters.
    pub name: Option<String>,
    /// The federation's id of the club.
    pub external_id: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// Another picture.
    pub image_url2: Option<String>,
    /// The platform's share of each sale in hundredths of a percent, 0 to 10000.
    pub fee_basis_points: Option<i32>,
    /// The gateway its cards go through; `sandbox` for a new one that names none.
    pub gateway: Option<String>,
    /// The gateway for payments by phone; without it, it takes none.
    pub phone_gateway: Option<String>,
    /// Clubs at whose events its season cards may be good, too; at most 50.
    pub connected_owner_ids: Option<Vec<i32>>,
    /// The club or association above it, for reports.
    pub super_owner_id: Option<i32>,
    /// The platform keeps its fee when money goes back.
    pub fee_kept_on_refund: Option<bool>,
    /// It may not owe money after a payout, so tickets of events that were paid out stay.
    pub debt_refused: Option<bool>,
    /// A transfer must say why.
    pub transfer_reason_required: Option<bool>,
    /// Orders may carry no card numbers, but tokens, proofs and wallets.
    pub raw_cards_refused: Option<bool>,
}
