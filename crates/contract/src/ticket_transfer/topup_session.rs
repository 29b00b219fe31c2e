//! What the holder of a payment link may know (`domain.md §4.4`).

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal};

/// `GET /transferTicket/topupSession/{Token}`. Whoever has the link has the token, and no account.
pub static TOPUP_SESSION: Operation = Operation {
    routes: &[Route::new("GET", "/transferTicket/topupSession/{Token}")],
    access: Access::OPEN,
    ..Operation::of::<TransferTicketTopupSessionRequest, TransferTicketTopupSessionResult>()
};

/// Asks what is to be paid for a transfer, and until when.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketTopupSessionRequest {
    /// The session's handle, from the transfer's answer or its link.
    pub token: Option<String>,
}

/// A payment session.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketTopupSessionResult {
    /// Whether there is such a session.
    pub ok: bool,
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// `AwaitingTopup`, `PaymentPending`, `Completed`, `Expired` or `Cancelled`.
    pub status: Option<String>,
    /// Row of the log.
    pub transfer_log_id: Option<i32>,
    /// Króna that are to be paid.
    pub amount_isk: Decimal,
    /// Where the ticket is.
    pub from_event_name: Option<String>,
    /// Where it goes.
    pub to_event_name: Option<String>,
    /// Its start, wall clock in its zone.
    pub to_event_time_of_event: DateTime,
    /// End of the session, UTC.
    pub expires_at: Option<DateTime>,
    /// The phone that was asked to pay, if one was.
    pub payment_phone_number: Option<String>,
}
