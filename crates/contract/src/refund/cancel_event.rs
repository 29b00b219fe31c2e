//! Cancelling an event.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{OFFICE, RefundJobResult};

/// `POST /events/cancel`.
pub static EVENTS_CANCEL: Operation = Operation {
    routes: &[Route::new("POST", "/events/cancel")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<EventsCancel, RefundJobResult>()
};

/// Cancels an event: its sale ends at once, its gates stay closed, and every order is refunded, or
/// ends without a refund. That is long work, whose progress `/refund/jobs` tells; while it is under
/// way, another wish for the same event is refused.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventsCancel {
    /// Number of the event.
    pub event_id: i32,
    /// The money stays; without it everything is paid back.
    pub without_refund: bool,
    /// Why, for the record, at most 500 characters.
    pub reason: Option<String>,
    /// Orders that were used at the gate, too; for an Admin only.
    pub force: bool,
}
