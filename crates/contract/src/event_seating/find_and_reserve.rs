//! Best available: the till chooses the seats.

use service::Dto;
use service::example::{Example, ExampleSource};
use service::operation::{Effect, Operation, Route};

use super::{BUYERS, EventSeatingResult};
use crate::shared::RequestSignature;

/// `POST /EventSeatingFindAndReserve`.
pub static EVENT_SEATING_FIND_AND_RESERVE: Operation = Operation {
    routes: &[Route::new("POST", "/EventSeatingFindAndReserve")],
    access: BUYERS,
    effect: Effect::Writes,
    example: Some(Example {
        request: r#"{"quantity":2,"deviceId":"device-1"}"#,
        sources: &[ExampleSource {
            path: "/events?take=1&from={now}",
            values: &[("eventId", "results.0.id")],
        }],
        note: "The two best seats at the next event; refused where seats have no numbers.",
    }),
    ..Operation::of::<EventSeatingFindAndReserve, EventSeatingResult>()
};

/// Holds the best seats that are free: beside each other, the best row first, and no single seat
/// left between others if that can be. They are held for ten minutes.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventSeatingFindAndReserve {
    /// Number of the event.
    pub event_id: i32,
    /// How many seats, 1 to 50.
    pub quantity: i32,
    /// In this section only.
    pub section_id: Option<i32>,
    /// In the sections only in which this type of the whole series is sold.
    pub event_series_ticket_type: Option<i32>,
    /// In the sections only in which this type of the club is sold.
    pub event_series_owner_ticket_type: Option<i32>,
    /// A reservation to go on with: what it held is exchanged for what is found, and kept when
    /// nothing is found.
    pub reservation_token_id: Option<String>,
    /// Better choices to pass over, 0 or more: to show the next one.
    pub skip_index: Option<i32>,
    /// Whether the seats may be in several places when there are not enough beside each other.
    pub allow_split: bool,
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
