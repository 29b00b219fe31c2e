//! What gateways have not paid out yet.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal};

use super::OFFICE;

/// `GET /ledger/unsettled/{EventOwnerId}`.
pub static LEDGER_UNSETTLED: Operation = Operation {
    routes: &[Route::new("GET", "/ledger/unsettled/{EventOwnerId}")],
    access: OFFICE,
    ..Operation::of::<LedgerUnsettled, LedgerUnsettledResult>()
};

/// Charges and refunds of an organiser that no settlement of their gateway has told of. A page may
/// hold fewer rows than there are, or none; there are more as long as `nextId` is told.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerUnsettled {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Only those of this gateway.
    pub gateway: Option<String>,
    /// Only those of orders with a higher number: `nextId` of the page before.
    pub after_id: i32,
}

/// One page of what is not settled.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerUnsettledResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The charges and refunds, by order.
    pub payments: Option<Vec<UnsettledPayment>>,
    /// What to send as `afterId` for the next page; 0 when there is none.
    pub next_id: i32,
}

/// A charge or refund that is not settled.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct UnsettledPayment {
    /// The organiser.
    pub event_owner_id: i32,
    /// The order.
    pub ticket_id: i32,
    /// Which try of the order.
    pub attempt: i32,
    /// The gateway.
    pub gateway: Option<String>,
    /// The key by which the gateway knows it.
    pub payment_key: Option<String>,
    /// The gateway's own name of it.
    pub payment_reference: Option<String>,
    /// What the gateway owes for it; below zero for a refund.
    pub amount: Decimal,
    /// The currency.
    pub currency: Option<String>,
    /// When it was written down.
    #[dto(name = "CreatedUTC")]
    pub created_utc: DateTime,
}
