//! Events: one performance or match each.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::DateTime;

use super::event_prices::EventPriceEntry;

use super::{OFFICE, TAGS};

/// `GET /backOffice/events`.
pub static LIST_OFFICE_EVENTS: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/events")],
    access: OFFICE,
    tags: TAGS,
    ..Operation::of::<ListOfficeEvents, ListOfficeEventsResult>()
};

/// `POST /backOffice/events`.
pub static SAVE_EVENT: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/events")],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveEvent, SaveEventResult>()
};

/// Events of an organiser with their prices, whether they can be seen by buyers or not.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListOfficeEvents {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Only this one.
    pub event_id: Option<i32>,
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListOfficeEventsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<EventEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes an event, or changes one: publishes and hides it, postpones it, gives it a new date. An
/// event that was cancelled stays so; cancelling it here pays nothing back.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEvent {
    /// What is to be.
    pub entry: Option<EventEntry>,
    /// It ends three hours after its start.
    pub clear_end: bool,
    /// It may be bought at any time.
    pub clear_sale: bool,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<EventEntry>,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventEntry {
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
    /// Number of the series; 0 for none.
    pub event_series_id: Option<i32>,
    /// Number of the place; 0 for none.
    pub event_location_id: Option<i32>,
    /// A sentence about it, at most 255 characters.
    pub description: Option<String>,
    /// More about it, at most 4000 characters.
    pub detailed_description: Option<String>,
    /// Its id in the federation's match system.
    pub external_reference: Option<String>,
    /// What kind of id that is.
    pub external_reference_type: Option<String>,
    /// Kind of the external ids.
    pub external_id_type: Option<String>,
    /// The visiting side.
    pub visitor_name: Option<String>,
    /// The federation's id of the visiting side.
    pub visitor_external_id: Option<String>,
    /// When it begins; needed for a new one.
    #[dto(name = "StartsUTC")]
    pub starts_utc: Option<DateTime>,
    /// When it ends; three hours later when left out.
    #[dto(name = "EndsUTC")]
    pub ends_utc: Option<DateTime>,
    /// The IANA zone of the clock at the place; `Atlantic/Reykjavik` when left out.
    pub time_zone: Option<String>,
    /// Published and on sale; false hides it from lists and stops its sale.
    pub active: Option<bool>,
    /// Hides it from lists; it is ordered with this code only.
    pub access_code: Option<String>,
    /// Postponed without a new date: not sold, tickets stay valid.
    pub postponed: Option<bool>,
    /// It will not take place. True for good.
    pub cancelled: Option<bool>,
    /// When its sale begins; with `saleToUTC`.
    #[dto(name = "SaleFromUTC")]
    pub sale_from_utc: Option<DateTime>,
    /// When its sale ends.
    #[dto(name = "SaleToUTC")]
    pub sale_to_utc: Option<DateTime>,
    /// No free tickets from season cards.
    pub owner_cards_not_allowed: Option<bool>,
    /// Its seats have the numbers of its place: an order needs a reservation. True for good.
    pub seats_numbered: Option<bool>,
    /// Of all its prices; set once, ISK when left out.
    pub currency: Option<String>,
    /// Who went in may go in again.
    pub re_entry: Option<bool>,
    /// Minutes before the start from which codes are shown and gates open; -1 for always.
    pub gates_open_minutes: Option<i32>,
    /// Federation-card types with free entry, separated by commas.
    pub federation_cards: Option<String>,
    /// Opaque hints for apps.
    pub default_values: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// Another picture.
    pub image_url2: Option<String>,
    /// How many may come, all ticket types together; -1 for no limit.
    pub capacity: Option<i32>,
    /// All that is sold, replaced whole; at most 100 rows.
    pub prices: Option<Vec<EventPriceEntry>>,
}
