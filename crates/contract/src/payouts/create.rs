//! Paying out.

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Effect, Operation, Route};

use super::Payout;

/// `POST /payouts`.
pub static PAYOUTS_CREATE: Operation = Operation {
    routes: &[Route::new("POST", "/payouts")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<PayoutsCreate, PayoutsCreateResult>()
};

/// Pays an organiser what it is owed for an event, less what it owes back. An event is paid out
/// once: the same again is told of the last time. What is refunded or moved later becomes the
/// organiser's debt, which the next payout takes off. What is sold later becomes its claim, which
/// the next payout pays, also one of the same event.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsCreate {
    /// Number of the event, if it is paid out.
    pub event_id: Option<i32>,
    /// Number of the organiser or agent, for season cards, team passes and customers' orders.
    pub event_owner_id: Option<i32>,
    /// `Cards`, `Passes`, `Orders` or `Contracts`; without it the event.
    pub payout_for: Option<String>,
    /// Currency of season cards, team passes and orders; without it ISK.
    pub currency: Option<String>,
    /// What the bank calls it, at most 255 characters.
    pub reference: Option<String>,
}

/// What became of the payout.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsCreateResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The payout.
    pub payout: Option<Payout>,
    /// The event had been paid out before and nothing is owed since; nothing was done now.
    pub already_paid_out: bool,
}
