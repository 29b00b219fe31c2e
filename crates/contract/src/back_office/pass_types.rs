//! Kinds of team passes that an organiser sells for a series.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal};

use super::{OFFICE, TAGS};

/// `GET /backOffice/passTypes`.
pub static LIST_TEAM_PASS_TYPES: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/passTypes")],
    access: OFFICE,
    tags: TAGS,
    ..Operation::of::<ListTeamPassTypes, ListTeamPassTypesResult>()
};

/// `POST /backOffice/passTypes`.
pub static SAVE_TEAM_PASS_TYPE: Operation = Operation {
    routes: &[
        Route::new("POST", "/backOffice/passTypes"),
        Route::new("POST,PUT", "/TeamPassTypes/PassType").summary("The same at its older place"),
    ],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveTeamPassType, SaveTeamPassTypeResult>()
};

/// Kinds of team passes of an organiser.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListTeamPassTypes {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListTeamPassTypesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<TeamPassTypeEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes a kind of team pass, or changes one. Passes that were sold stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveTeamPassType {
    /// What is to be.
    pub entry: Option<TeamPassTypeEntry>,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveTeamPassTypeResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<TeamPassTypeEntry>,
}

/// A kind of team pass: one admission of one ticket type at each event of the organiser in a
/// series.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TeamPassTypeEntry {
    /// Its number; left out for a new one.
    pub id: Option<i32>,
    /// The state of the catalogue it was read from; needed for a change.
    pub revision: Option<i64>,
    /// Number of the organiser. Set once.
    pub event_owner_id: Option<i32>,
    /// The short name that a catalogue file knows it by: 1 to 64 letters, digits, '-', '_', '.'.
    /// Set once; its number when left out.
    pub slug: Option<String>,
    /// The name buyers see, at most 255 characters.
    pub name: Option<String>,
    /// Number of the series it is good for. Set once.
    pub event_series_id: Option<i32>,
    /// Number of the ticket type that each event gives: the organiser's own, or one of the series.
    /// Set once.
    pub ticket_type_id: Option<i32>,
    /// What it costs.
    pub price: Option<Decimal>,
    /// Of the price; set once, ISK when left out.
    pub currency: Option<String>,
    /// On sale.
    pub active: Option<bool>,
    /// Only the club itself may give it out.
    pub only_for_team_use: Option<bool>,
    /// When it was made; told by the server.
    #[dto(name = "CreatedUTC")]
    pub created_utc: Option<DateTime>,
    /// When it last changed; told by the server.
    #[dto(name = "ChangedUTC")]
    pub changed_utc: Option<DateTime>,
}
