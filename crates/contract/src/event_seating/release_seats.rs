//! Seats the buyer does not want any more.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{BUYERS, EventSeatingResult};
use crate::shared::RequestSignature;

/// `POST /EventSeatingReleaseSeats`.
pub static EVENT_SEATING_RELEASE_SEATS: Operation = Operation {
    routes: &[Route::new("POST", "/EventSeatingReleaseSeats")],
    access: BUYERS,
    effect: Effect::Writes,
    ..Operation::of::<EventSeatingReleaseSeats, EventSeatingResult>()
};

/// Gives up seats of a reservation at once. Seats that it does not hold are passed over.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingReleaseSeats {
    /// Number of the event.
    pub event_id: i32,
    /// Handle of the reservation.
    pub reservation_token_id: Option<String>,
    /// Numbers of the seats; all when left out.
    pub seats_to_release: Option<Vec<i32>>,
    /// The device it was made from.
    pub device_id: Option<String>,
    /// From the app the token of the phone it was made for; a box office may send the phone.
    pub phone_verification_number: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}
