//! Trying a refund again that a gateway did not take.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::OFFICE;
use crate::ticket_order_status::TicketOrderStatusResult;

/// `POST /refund/retry`.
pub static REFUND_RETRY: Operation = Operation {
    routes: &[Route::new("POST", "/refund/retry")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<RefundRetry, TicketOrderStatusResult>()
};

/// Sends money again that is owed back and that no gateway took. If it is not known whether an
/// earlier try went through, `/ticketOrder/review` must be told first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundRetry {
    /// Handle of the order.
    pub ticket_token_id: Option<String>,
}
