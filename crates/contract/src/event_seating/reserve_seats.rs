//! Seats the buyer has chosen in the picture.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{BUYERS, EventSeatingResult};
use crate::shared::RequestSignature;

/// `POST /EventSeatingReserveSeats`.
pub static EVENT_SEATING_RESERVE_SEATS: Operation = Operation {
    routes: &[Route::new("POST", "/EventSeatingReserveSeats")],
    access: BUYERS,
    effect: Effect::Writes,
    ..Operation::of::<EventSeatingReserveSeats, EventSeatingResult>()
};

/// Holds chosen seats, all or none: if one cannot be had, nothing is changed and
/// `notAvailableSeats` names those that cannot. They are held for ten minutes.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingReserveSeats {
    /// Number of the event.
    pub event_id: i32,
    /// Numbers of the seats, 1 to 50, in the order in which admissions get them.
    pub seats_to_reserve: Option<Vec<i32>>,
    /// A reservation to add them to; without it, a new one is made.
    pub reservation_token_id: Option<String>,
    /// The buyer's device, which the verification of the phone is bound to.
    pub device_id: Option<String>,
    /// From the app the token that a phone verification gave; a box office may send the phone.
    pub phone_verification_number: Option<String>,
    /// The code that opens a hidden event.
    pub direct_access_code: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}
