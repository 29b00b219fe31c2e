//! The picture of an event's seats.

use service::Dto;
use service::example::{Example, ExampleSource};
use service::operation::{Operation, Route};

use super::BUYERS;

/// `GET /eventSeating/{EventId}`.
pub static EVENT_SEATING: Operation = Operation {
    routes: &[Route::new("GET", "/eventSeating/{EventId}")],
    access: BUYERS,
    has_secrets: false,
    example: Some(Example {
        request: "{}",
        sources: &[ExampleSource {
            path: "/events?take=1&from={now}",
            values: &[("eventId", "results.0.id")],
        }],
        note: "The sections of the next event; refused where seats have no numbers.",
    }),
    ..Operation::of::<EventSeating, EventSeatingMap>()
};

/// Asks for the sections of an event with what is left in each, and for the seats of one section.
/// The answer may be some seconds old; only a reservation is sure.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeating {
    /// Number of the event.
    pub event_id: i32,
    /// The section whose rows and seats are wanted; without it, sections alone.
    pub section_id: Option<i32>,
    /// The code that opens a hidden event.
    pub direct_access_code: Option<String>,
}

/// The sections of an event, the best first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingMap {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Number of the event.
    pub event_id: i32,
    /// Picture of the whole venue.
    pub seating_image_url: Option<String>,
    /// All sections, or the one that was asked for.
    pub sections: Option<Vec<EventSeatingSection>>,
}

/// One section.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingSection {
    /// Number of the section.
    pub section_id: i32,
    /// Name of the section.
    pub name: Option<String>,
    /// Picture of the section.
    pub image_url: Option<String>,
    /// Seats it has.
    pub seat_count: i32,
    /// Seats nobody has.
    pub available_seats: i32,
    /// Numbers of the ticket types that are sold in it.
    pub ticket_type_ids: Option<Vec<i32>>,
    /// Its rows, the best first; only when the section was asked for.
    pub rows: Option<Vec<EventSeatingRow>>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingRow {
    /// Name of the row.
    pub name: Option<String>,
    /// Its seats in their order.
    pub seats: Option<Vec<EventSeatingSeat>>,
}

/// One seat.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingSeat {
    /// Number of the seat, unique in the venue.
    pub seat_id: i32,
    /// What is written on the seat.
    pub name: Option<String>,
    /// How far to the right it is in the picture, in the operator's units.
    pub x: i32,
    /// How far down it is.
    pub y: i32,
    /// Nobody has it.
    pub is_available: bool,
}
