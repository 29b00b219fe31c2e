//! Competitions and seasons, which all organisers share.

use service::Dto;
use service::example::Example;
use service::operation::{Effect, Operation, Route};
use service::types::DateTime;

use super::{ADMINS, OFFICE, TAGS};

/// `GET /backOffice/series`.
pub static LIST_EVENT_SERIES: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/series")],
    access: OFFICE,
    tags: TAGS,
    example: Some(Example { request: "{}", sources: &[], note: "The first fifty." }),
    ..Operation::of::<ListEventSeries, ListEventSeriesResult>()
};

/// `POST /backOffice/series`.
pub static SAVE_EVENT_SERIES: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/series")],
    access: ADMINS,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveEventSeries, SaveEventSeriesResult>()
};

/// Competitions and seasons.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListEventSeries {
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListEventSeriesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<EventSeriesEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes a competition or season, or changes one.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventSeries {
    /// What is to be.
    pub entry: Option<EventSeriesEntry>,
    /// Sales are no longer suspended.
    pub clear_suspension: bool,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventSeriesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<EventSeriesEntry>,
}

/// A competition or season.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventSeriesEntry {
    /// Its number; left out for a new one.
    pub id: Option<i32>,
    /// The state of the catalogue it was read from; needed for a change.
    pub revision: Option<i64>,
    /// The short name that a catalogue file knows it by: 1 to 64 letters, digits, '-', '_', '.'.
    /// Set once; its number when left out.
    pub slug: Option<String>,
    /// The name buyers see, at most 255 characters.
    pub name: Option<String>,
    /// Whether its events are sold at all.
    pub active: Option<bool>,
    /// The federation's competition id.
    pub external_id: Option<String>,
    /// Told to apps: shown without being asked for.
    pub show_by_default: Option<bool>,
    /// Men, women or mixed, as the federation codes it.
    pub sport_gender_id: Option<String>,
    /// Events that start from this moment are not sold for now.
    #[dto(name = "SuspendedFromUTC")]
    pub suspended_from_utc: Option<DateTime>,
    /// Events that start from this moment are sold again.
    #[dto(name = "SuspendedToUTC")]
    pub suspended_to_utc: Option<DateTime>,
}
