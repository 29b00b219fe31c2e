//! Tickets by e-mail.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

use crate::shared::RequestSignature;

/// `POST /ticketOrder/mail`.
pub static TICKET_ORDER_MAIL: Operation = Operation {
    routes: &[Route::new("POST", "/ticketOrder/mail")],
    access: Access { any_role: &["Admin", "TeamAdmin", "MobileApp"], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<TicketOrderMail, TicketOrderMailResult>()
};

/// Sends live tickets to an e-mail address, with the printed tickets and the calendar entry. The
/// letter is queued; it goes out within seconds, or as soon as the mail server takes it. Five an
/// hour for each order. The app sends those of the phone that it proves.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderMail {
    /// Handle of the ticket, from the order's answer.
    pub ticket_token_id: Option<String>,
    /// Where to send it, such as `name@example.org`.
    pub email: Option<String>,
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

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderMailResult {
    /// 200 when the letter is queued, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// True when the letter is queued.
    pub success: bool,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
}
