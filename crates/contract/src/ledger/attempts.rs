//! Payments and refunds of which nobody knows yet what became of them.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal};

use super::OFFICE;

/// `GET /ledger/attempts/{EventOwnerId}`.
pub static LEDGER_ATTEMPTS: Operation = Operation {
    routes: &[Route::new("GET", "/ledger/attempts/{EventOwnerId}")],
    access: OFFICE,
    ..Operation::of::<LedgerAttempts, LedgerAttemptsResult>()
};

/// Calls of gateways in doubt: those that are asked about, and those that a person must decide.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerAttempts {
    /// Number of the organiser; 0 for all that the caller may act for.
    pub event_owner_id: i32,
    /// Only those of orders with a higher number; for the next page of a thousand orders.
    pub after_id: i32,
    /// Where all organisers are asked for, the one of the last row of the page before.
    pub after_owner_id: i32,
}

/// Calls in doubt.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerAttemptsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The calls, by organiser and order.
    pub attempts: Option<Vec<LedgerAttempt>>,
}

/// One call of a gateway.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerAttempt {
    /// The organiser.
    pub event_owner_id: i32,
    /// The order.
    pub ticket_id: i32,
    /// Handle of that order, for `/ticketOrder/review`.
    pub ticket_token_id: Option<String>,
    /// Which try of the order.
    pub attempt: i32,
    /// `charge`, `refund`; of orders paid in parts also `authorize`, `capture` and `void`.
    pub verb: Option<String>,
    /// `unknown` while the gateway is asked, `review` when a person must decide.
    pub state: Option<String>,
    /// The gateway.
    pub gateway: Option<String>,
    /// By what the gateway knows it.
    pub gateway_key: Option<String>,
    /// What was asked for.
    pub amount: Decimal,
    /// The currency.
    pub currency: Option<String>,
    /// When it was written down.
    #[dto(name = "CreatedUTC")]
    pub created_utc: DateTime,
}
