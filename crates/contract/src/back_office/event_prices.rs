//! One row of an event's prices: a price for this event alone, a limit, sections.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::events::EventEntry;
use super::{OFFICE, TAGS};

/// `POST /backOffice/events/{EventId}/prices`.
pub static SAVE_EVENT_PRICE: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/events/{EventId}/prices")],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveEventPrice, SaveEventPriceResult>()
};

/// Sells a ticket type at an event, changes its price or its limit there, or sells it no longer.
/// Tickets that were sold stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventPrice {
    /// Number of the event.
    pub event_id: i32,
    /// The state of the catalogue that was read. Needed.
    pub revision: Option<i64>,
    /// The row. Needed.
    pub entry: Option<EventPriceEntry>,
    /// The type's own price counts again.
    pub clear_price: bool,
    /// It is not sold at this event any more, until its row is saved again.
    pub remove: bool,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveEventPriceResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The event as it is stored, with the new revision.
    pub result: Option<EventEntry>,
}

/// What one ticket type costs at one event, and how many are sold.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventPriceEntry {
    /// Number of the ticket type: the organiser's own, or one of a series.
    pub ticket_type_id: i32,
    /// A price for this event alone; otherwise the type's own.
    pub price: Option<Decimal>,
    /// How many may be sold at this event; -1 for no limit but the event's.
    pub limit: Option<i32>,
    /// Numbers of the sections it is sold in, where seats have numbers; empty for all.
    pub section_ids: Option<Vec<i32>>,
    /// How many are sold; told by the server.
    pub sold: Option<i32>,
}
