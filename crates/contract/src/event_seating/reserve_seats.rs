//! Seats the buyer has chosen in the picture.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{BUYERS, EventSeatingResult};

/// `POST /EventSeatingReserveSeats`.
pub static EVENT_SEATING_RESERVE_SEATS: Operation = Operation {
    routes: &[Route::new("POST", "/EventSeatingReserveSeats")],
    access: BUYERS,
    effect: Effect::Writes,
    ..Operation::of::<EventSeatingReserveSeats, EventSeatingResult>()
};

/// Holds chosen seats, all or none: if one cannot be had, nothing is changed and
/// `notAvailableSeats` names those that cannot. They are held for ten minutes.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingReserveSeats {
    /// Number of the event.
    pub event_id: i32,
    /// Numbers of the seats, 1 to 50, in the order in which admissions get them.
    pub seats_to_reserve: Option<Vec<i32>>,
    /// A reservation to add them to; without it, a new one is made.
    pub reservation_token_id: Option<String>,
    /// The buyer's device; the app names it or a phone.
    pub device_id: Option<String>,
    /// The proof of the buyer's phone; a box office may send the phone.
    pub phone_verification_number: Option<String>,
    /// The code that opens a hidden event.
    pub direct_access_code: Option<String>,
}
