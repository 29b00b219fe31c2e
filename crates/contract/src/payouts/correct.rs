//! Asking a person to put a payout right.

use service::Dto;
use service::access::{Access, ROLE_ADMIN};
use service::operation::{Effect, Operation, Route};

/// `POST /payouts/correct`.
pub static PAYOUTS_CORRECT: Operation = Operation {
    routes: &[Route::new("POST", "/payouts/correct")],
    access: Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<PayoutsCorrect, PayoutsCorrectResult>()
};

/// Writes down that a payout went wrong at the bank, as a task for a person.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsCorrect {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Number of the payout.
    pub payout_id: i32,
    /// What is wrong, at most 500 characters. Needed.
    pub reason: Option<String>,
}

/// The task.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct PayoutsCorrectResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Number of the task.
    pub task_id: i32,
}
