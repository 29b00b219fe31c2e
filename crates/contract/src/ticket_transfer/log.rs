//! The log of transfers, for the office: list, cancel, try a refund again (`domain.md §8`).

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal};

use super::OFFICE;

/// `GET POST /transferTicket/log`.
pub static TRANSFER_LOG: Operation = Operation {
    routes: &[Route::new("GET POST", "/transferTicket/log")],
    access: OFFICE,
    ..Operation::of::<TransferLogRequest, TransferLogResult>()
};

/// `POST /transferTicket/cancel`.
pub static CANCEL_TRANSFER: Operation = Operation {
    routes: &[Route::new("POST", "/transferTicket/cancel")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<CancelTransferRequest, TransferLogEntryResult>()
};

/// `POST /transferTicket/retryRefund`.
pub static RETRY_TRANSFER_REFUND: Operation = Operation {
    routes: &[Route::new("POST", "/transferTicket/retryRefund")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<RetryTransferRefundRequest, TransferLogEntryResult>()
};

/// Lists transfers to events of one organiser, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TransferLogRequest {
    /// The organiser of the target events, above 0.
    pub event_owner_id: i32,
    /// Only what came after this row; 0 for the first page.
    pub after: i32,
    /// How many rows, 1 to 200; 0 means 50.
    pub limit: i32,
}

/// A page of the log.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TransferLogResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The rows.
    pub transfers: Option<Vec<TransferLogEntry>>,
}

/// Gives up a transfer that waits for its payment: the old ticket stays good.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct CancelTransferRequest {
    /// Row of the log.
    pub transfer_log_id: i32,
    /// Why, for the audit, at most 500 characters.
    pub reason: Option<String>,
}

/// Tries the refund of a transfer's difference again that the gateway did not take.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RetryTransferRefundRequest {
    /// Row of the log.
    pub transfer_log_id: i32,
}

/// One row of the log after a change.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TransferLogEntryResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The row.
    pub transfer: Option<TransferLogEntry>,
}

/// One transfer.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TransferLogEntry {
    /// Row of the log.
    pub transfer_log_id: i32,
    /// `AwaitingTopup`, `Completed`, `Expired` or `Cancelled`.
    pub status: Option<String>,
    /// `TOPUP`, `REFUND` or `EVEN`.
    pub direction: Option<String>,
    /// The old ticket's number.
    pub from_ticket_id: i32,
    /// The new ticket's number.
    pub to_ticket_id: i32,
    /// Where the ticket was.
    pub from_event_id: i32,
    /// Where it goes.
    pub to_event_id: i32,
    /// What was paid for the ticket.
    pub original_ticket_price: Decimal,
    /// What the target costs.
    pub target_ticket_price: Decimal,
    /// Target minus original price.
    pub price_difference: Decimal,
    /// The source event's money had been paid to its owner.
    pub source_event_paid_out: bool,
    /// What became of money that goes back: `None`, `Started`, `Succeeded`, `Failed`, `Manual`.
    pub refund_status: Option<String>,
    /// Who asked for it.
    pub requested_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it was asked for, UTC.
    #[dto(name = "RequestedAtUTC")]
    pub requested_at_utc: DateTime,
    /// When an unpaid one ends, UTC.
    #[dto(name = "ExpiresAtUTC")]
    pub expires_at_utc: Option<DateTime>,
    /// When it came to its end, UTC.
    #[dto(name = "EndedAtUTC")]
    pub ended_at_utc: Option<DateTime>,
}
