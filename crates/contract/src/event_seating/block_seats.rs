//! Seats the organiser keeps from the sale.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// `POST /eventSeating/{EventId}/blockSeats`.
pub static EVENT_SEATING_BLOCK_SEATS: Operation = Operation {
    routes: &[Route::new("POST", "/eventSeating/{EventId}/blockSeats")],
    access: Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<EventSeatingBlockSeats, EventSeatingBlockSeatsResult>()
};

/// Takes free seats off the sale, or puts them back. A seat that somebody has is left as it is and
/// named in the answer.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventSeatingBlockSeats {
    /// Number of the event.
    pub event_id: i32,
    /// Numbers of the seats, at most 5,000.
    pub seats: Option<Vec<i32>>,
    /// All seats of this section, beside those named.
    pub section_id: Option<i32>,
    /// True puts them back on sale.
    pub unblock: bool,
    /// Why, for the audit.
    pub reason: Option<String>,
}

/// What became of the seats.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventSeatingBlockSeatsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Seats that changed.
    pub changed_count: i32,
    /// Seats that somebody has, or that there are not.
    pub not_available_seats: Option<Vec<i32>>,
}
