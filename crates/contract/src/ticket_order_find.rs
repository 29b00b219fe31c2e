//! Ticket order find (`domain.md §8`): the tickets of a phone, or one by handle or number.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use crate::shared::RequestSignature;
use crate::ticket_order::EventTicketWithDetails;

/// Tickets returned when a request does not say how many.
pub const TICKETS_TAKE_DEFAULT: i32 = 20;

/// Most tickets one answer holds.
pub const TICKETS_TAKE_MAX: i32 = 100;

/// `GET POST /ticketOrder/find`.
pub static TICKET_ORDER_FIND: Operation = Operation {
    routes: &[Route::new("GET POST", "/ticketOrder/find")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    ..Operation::of::<TicketOrderFind, TicketOrderFindResult>()
};

/// Asks for tickets, newest first. The app gets those of the phone that was verified. A box office
/// gets those of its own clubs, by phone, by number or by handle.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderFind {
    /// From the app the token that a phone verification gave; from a box office a phone number.
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
    /// Only the ticket with this handle.
    pub ticket_token_id: Option<String>,
    /// Only the ticket with this number; for a box office.
    pub ticket_id: Option<i32>,
    /// Only tickets to this event.
    pub event_id: Option<i32>,
    /// True leaves out what is not good any more: not paid, paid back, moved on, cancelled, or of
    /// an event that is over.
    pub only_live: bool,
    /// Tickets to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most tickets to return, 1 to 100; 20 when left out.
    pub take: Option<i32>,
}

/// One page of tickets.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderFindResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page.
    pub results: Option<Vec<EventTicketWithDetails>>,
    /// Tickets that were found, on all pages; a phone's newest 1,000 at most.
    pub total: i32,
}
