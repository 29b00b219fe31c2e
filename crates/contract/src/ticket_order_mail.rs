//! Tickets by e-mail.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// `POST /ticketOrder/mail`.
pub static TICKET_ORDER_MAIL: Operation = Operation {
    routes: &[Route::new("POST", "/ticketOrder/mail")],
    access: Access { any_role: &["Admin", "TeamAdmin", "MobileApp"], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<TicketOrderMail, TicketOrderMailResult>()
};

/// Sends live tickets to an e-mail address, with the printed tickets and the calendar entry. The
/// letter is queued; it goes out within seconds, or as soon as the mail server takes it. Five an
/// hour for each order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderMail {
    /// Handle of the ticket, from the order's answer.
    pub ticket_token_id: Option<String>,
    /// Where to send it, such as `name@example.org`.
    pub email: Option<String>,
    /// `is` or `en`; without it Icelandic.
    pub language: Option<String>,
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
