//! What a transfer would cost (`domain.md §4.3`).

use service::Dto;
use service::operation::{Operation, Route};

use super::{OFFICE, TransferTicketQuoteResult};

/// `POST /transferTicket/quote`.
pub static TRANSFER_TICKET_QUOTE: Operation = Operation {
    routes: &[Route::new("POST", "/transferTicket/quote")],
    access: OFFICE,
    ..Operation::of::<TransferTicketQuoteRequest, TransferTicketQuoteResult>()
};

/// Asks what it would cost to move a ticket to another event. Nothing is changed or held.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TransferTicketQuoteRequest {
    /// Handle of the ticket.
    pub ticket_token_id: Option<String>,
    /// The target event, above 0.
    pub to_event_id: i32,
    /// Target type of the club: this or the next one at most; without any the same type.
    pub to_owner_ticket_type_id: Option<i32>,
    /// Target type of the series.
    pub to_series_ticket_type_id: Option<i32>,
}
