//! Review of a ticket order whose payment nobody can ask the gateway about (`design.md §7`): a
//! person looks it up and says what happened.

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Effect, Operation, Route};

use crate::ticket_order_status::TicketOrderStatusResult;

/// `POST /ticketOrder/review`.
pub static TICKET_ORDER_REVIEW: Operation = Operation {
    routes: &[Route::new("POST", "/ticketOrder/review")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<TicketOrderReview, TicketOrderStatusResult>()
};

/// Says what became of a payment whose result is unknown.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketOrderReview {
    /// Handle of the ticket.
    pub ticket_token_id: Option<String>,
    /// The payment it is about: the key by which the gateway knows it, at most 255 characters, as
    /// the task tells it. Needed when more than one payment of the order is in doubt. With it, the
    /// same verdict again changes nothing and is told the order as it is.
    pub payment_key: Option<String>,
    /// What the gateway's own records say. Needed: there is no default for money.
    pub verdict: Option<ReviewVerdict>,
    /// The gateway's transaction id; needed when the verdict is `Charged`.
    pub payment_reference: Option<String>,
    /// Why, for the log, at most 500 characters.
    pub reason: Option<String>,
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub enum ReviewVerdict {
    /// No money was taken.
    #[default]
    #[dto(value = 0)]
    NotCharged,
    /// The money was taken.
    #[dto(value = 1)]
    Charged,
}
