//! Payouts that were made.

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};

use super::Payout;

/// `GET /payouts/{EventOwnerId}`.
pub static PAYOUTS_LIST: Operation = Operation {
    routes: &[Route::new("GET", "/payouts/{EventOwnerId}")],
    access: Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN },
    ..Operation::of::<PayoutsList, PayoutsListResult>()
};

/// Payouts to an organiser.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsList {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Only those with a higher number; for the next page of a thousand.
    pub after_id: i32,
}

/// Payouts, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsListResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The payouts.
    pub payouts: Option<Vec<Payout>>,
}
