//! Tickets as files: printed, as a code, as a calendar entry.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use crate::shared::RequestSignature;

/// What a printed ticket is sent as.
pub const PDF_TYPE: &str = "application/pdf";

/// What a drawn code is sent as.
pub const SVG_TYPE: &str = "image/svg+xml";

/// What a code as a picture is sent as.
pub const PNG_TYPE: &str = "image/png";

/// What a calendar entry is sent as.
pub const CALENDAR_TYPE: &str = "text/calendar; charset=utf-8";

/// `GET POST /ticketOrder/document` and its short forms.
pub static TICKET_ORDER_DOCUMENT: Operation = Operation {
    routes: &[
        Route::new("GET POST", "/ticketOrder/document"),
        Route::new("GET", "/ticketOrder/{TicketTokenId}/ticket.{Format}")
            .summary("The same, with an address that can be kept: ticket.pdf, ticket.ics, …"),
        Route::new("GET", "/ticketOrder/{TicketTokenId}/{Admission}/ticket.{Format}")
            .summary("One admission: 2/ticket.pdf, 2/ticket.svg, 2/ticket.png"),
    ],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    ..Operation::of_files::<TicketOrderDocument>(&[PDF_TYPE, SVG_TYPE, PNG_TYPE, CALENDAR_TYPE])
};

/// Gets live tickets as a file; the app those of the phone that it proves. Anything else is an
/// error: 404 `TicketNotFound`, 409 `TicketNotPaid`, `TicketRefunded` or `AlreadyTransferred`.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderDocument {
    /// Handle of the ticket, from the order's answer.
    pub ticket_token_id: Option<String>,
    /// `pdf` (a page for each person), `svg` or `png` (the code of one admission), or `ics` (the
    /// event for a calendar).
    pub format: Option<String>,
    /// Which person's, from 1. Without it a PDF has them all, and a code is the first one's.
    pub admission: Option<i32>,
    /// `is` or `en`; without it Icelandic.
    pub language: Option<String>,
    /// From the app the token that the verification of the ticket's phone gave.
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}
