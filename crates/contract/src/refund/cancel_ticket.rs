//! Ending a ticket without a refund.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::OFFICE;
use crate::ticket_order_status::TicketOrderStatusResult;

/// `POST /ticketOrder/cancel`.
pub static TICKET_ORDER_CANCEL: Operation = Operation {
    routes: &[Route::new("POST", "/ticketOrder/cancel")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<TicketOrderCancel, TicketOrderStatusResult>()
};

/// Ends an order without paying it back: its tickets, team pass or season cards are not good any
/// more, its places, seats and free tickets are given back.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TicketOrderCancel {
    /// Handle of the order.
    pub ticket_token_id: Option<String>,
    /// Why, for the record, at most 500 characters.
    pub reason: Option<String>,
}
