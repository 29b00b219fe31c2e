//! Price classes of an organiser, or of a whole series.

use service::Dto;
use service::example::Example;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::{OFFICE, TAGS};

/// `GET /backOffice/ticketTypes`.
pub static LIST_TICKET_TYPES: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/ticketTypes")],
    access: OFFICE,
    tags: TAGS,
    example: Some(Example { request: "{}", sources: &[], note: "The first fifty of all series." }),
    ..Operation::of::<ListTicketTypes, ListTicketTypesResult>()
};

/// `POST /backOffice/ticketTypes`.
pub static SAVE_TICKET_TYPE: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/ticketTypes")],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveTicketType, SaveTicketTypeResult>()
};

/// Price classes of an organiser, or of all series.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListTicketTypes {
    /// Number of the organiser; those of all series when left out.
    pub event_owner_id: Option<i32>,
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListTicketTypesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<TicketTypeEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes a price class, or changes one. What was sold keeps its price. Those of a series are an
/// Admin's.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveTicketType {
    /// What is to be.
    pub entry: Option<TicketTypeEntry>,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveTicketTypeResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<TicketTypeEntry>,
}

/// A price class.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketTypeEntry {
    /// Its number; left out for a new one.
    pub id: Option<i32>,
    /// The state of the catalogue it was read from; needed for a change.
    pub revision: Option<i64>,
    /// Number of the organiser; left out for a class of a series. Set once.
    pub event_owner_id: Option<i32>,
    /// The short name that a catalogue file knows it by: 1 to 64 letters, digits, '-', '_', '.'.
    /// Set once; its number when left out.
    pub slug: Option<String>,
    /// The name buyers see, at most 255 characters.
    pub name: Option<String>,
    /// Number of the series it belongs to; needed for a class of a series.
    pub event_series_id: Option<i32>,
    /// A longer text for the ticket.
    pub display: Option<String>,
    /// The colour it is shown in, such as `#1d4ed8`.
    pub color: Option<String>,
    /// The usual price of one admission.
    pub price: Option<Decimal>,
    /// Of the price; set once, ISK when left out.
    pub currency: Option<String>,
    /// The most admissions of it in one order, 1 to 50; 10 for a new one that does not say.
    pub max_per_order: Option<i32>,
    /// Each admission must name its holder.
    pub holder_info_required: Option<bool>,
    /// May not be moved to another event.
    pub block_transfer: Option<bool>,
    /// Apps go on showing its tickets after they were used.
    pub show_used_tickets: Option<bool>,
    /// A picture.
    pub image_url: Option<String>,
}
