//! Giving a ticket to another phone (`domain.md §7.1`, `§8`).

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

use crate::shared::RequestSignature;

/// `POST /TransferTicket`.
pub static TRANSFER_TICKET: Operation = Operation {
    routes: &[Route::new("POST", "/TransferTicket")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    ..Operation::of::<TransferTicketRequest, TransferTicketResult>()
};

/// Gives a ticket to another phone: a new ticket for the same event and place replaces it, and the
/// old codes open nothing any more. The app does this for the phone that owns the ticket.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketRequest {
    /// Handle of the ticket.
    pub ticket_token_id: Option<String>,
    /// The new owner's phone: `+` and 7 to 15 digits, or seven digits of Iceland.
    pub to_phone_number: Option<String>,
    /// The token that a phone verification gave to the ticket's owner (`domain.md §1.5`).
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The new ticket's handle, for the office only: the app of the old owner is not told it, and
    /// that of the new owner finds the ticket by the phone.
    pub new_ticket_token_id: Option<String>,
    /// The phone it belongs to now.
    pub phone_number: Option<String>,
}
