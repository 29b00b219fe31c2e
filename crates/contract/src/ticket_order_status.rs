//! Ticket order status (`domain.md §3.5`): what a client polls while a payment is open.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

/// `GET POST /ticketOrder/status`.
pub static TICKET_ORDER_STATUS: Operation = Operation {
    routes: &[Route::new("GET POST", "/ticketOrder/status")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    ..Operation::of::<TicketOrderStatus, TicketOrderStatusResult>()
};

/// Asks for the state of a ticket order. The handle is enough: published clients send nothing
/// else, and the answer tells a state, no code and no person.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketOrderStatus {
    /// Handle of the ticket, from the order's answer.
    pub ticket_token_id: Option<String>,
}

/// The state of a ticket order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketOrderStatusResult {
    /// 200, 202 while a payment is open, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// True for bought and for pending.
    pub success: bool,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// State of the ticket (`domain.md §7.1`).
    pub ticket_status: Option<String>,
}
