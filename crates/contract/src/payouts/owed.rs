//! What an organiser is owed, and owes.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal};

/// `GET /payouts/owed/{EventOwnerId}`.
pub static PAYOUTS_OWED: Operation = Operation {
    routes: &[Route::new("GET", "/payouts/owed/{EventOwnerId}")],
    access: Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN },
    ..Operation::of::<PayoutsOwed, PayoutsOwedResult>()
};

/// What an organiser is owed for its events, season cards and team passes, and what it owes back.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsOwed {
    /// Number of the organiser; 0 for all that the caller may act for.
    pub event_owner_id: i32,
    /// Only events with a higher number; for the next page of a thousand.
    pub after_id: i32,
    /// Where all organisers are asked for, the one of the last event of the page before.
    pub after_owner_id: i32,
}

/// What is owed.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsOwedResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Each event for which anything was sold, by organiser and number.
    pub events: Option<Vec<EventOwed>>,
    /// Season cards, team passes, orders and contracts that were not paid out yet, and what the
    /// organiser owes back; on the page on which the organiser's events begin.
    pub sums: Option<Vec<SumOwed>>,
}

/// What is owed for an event.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct EventOwed {
    /// The organiser.
    pub event_owner_id: i32,
    /// Number of the event.
    pub event_id: i32,
    /// Its name.
    pub event_name: Option<String>,
    /// What is payable for it.
    pub payable: Decimal,
    /// Currency of the event.
    pub currency: Option<String>,
    /// Number of its payout, if it was paid out.
    pub payout_id: Option<i32>,
    /// When it was paid out.
    #[dto(name = "PaidOutUTC")]
    pub paid_out_utc: Option<DateTime>,
}

/// Sums in one currency.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SumOwed {
    /// The organiser.
    pub event_owner_id: i32,
    /// The currency.
    pub currency: Option<String>,
    /// Payable for season cards.
    pub cards: Decimal,
    /// Payable for team passes.
    pub passes: Decimal,
    /// Payable for customers' orders.
    pub orders: Decimal,
    /// Payable for contracts that have begun.
    pub contracts: Decimal,
    /// What the organiser owes back; below zero when it has more to get.
    pub receivable: Decimal,
}
