//! Refunds and cancellations (`domain.md §8`, `payments.md §6.7`).

pub mod cancel_event;
pub mod cancel_ticket;
pub mod jobs;
pub mod process;
pub mod retry;
pub mod stop_job;

use service::Dto;
use service::access::Access;
use service::types::{DateTime, Decimal};

/// Who gives money back.
const OFFICE: Access = Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN };

/// Long work on all sales of an event, and how far it is.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundJob {
    /// Its number, unique within the organiser.
    pub job_id: i32,
    /// The organiser.
    pub event_owner_id: i32,
    /// The event.
    pub event_id: i32,
    /// `Refund`, or `Cancel` for tickets that end without a refund.
    pub kind: Option<String>,
    /// `Running`, `Done` or `Stopped`.
    pub state: Option<String>,
    /// Orders that were refunded or cancelled.
    pub done_count: i32,
    /// Orders that wait for a payment, a transfer or an earlier refund; they are looked at again
    /// every minute.
    pub waiting_count: i32,
    /// Orders that stay as they are, by the code of the refusal.
    pub left_out: Option<Vec<RefundLeftOut>>,
    /// Money that goes back by the gateways so far.
    pub total_refunded: Decimal,
    /// Store credit that went back to season cards so far.
    pub total_credit_returned: Decimal,
    /// Currency of both.
    pub currency: Option<String>,
    /// When it was asked for.
    #[dto(name = "StartedUTC")]
    pub started_utc: DateTime,
    /// When it last went on.
    #[dto(name = "ChangedUTC")]
    pub changed_utc: DateTime,
}

/// How many orders stay as they are for one reason.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundLeftOut {
    /// Stable code, such as `TicketUsed`.
    pub code: Option<String>,
    /// How many orders.
    pub count: i32,
}

/// One piece of long work.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundJobResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The work.
    pub job: Option<RefundJob>,
}
