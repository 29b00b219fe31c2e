//! Saying that a task is done.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{OFFICE, OfficeTask};

/// `POST /tasks/done`.
pub static TASKS_DONE: Operation = Operation {
    routes: &[Route::new("POST", "/tasks/done")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<TasksDone, TasksDoneResult>()
};

/// Closes a task. The same again is told of the first time. Only an Admin closes `PaymentInDoubt`,
/// `CreditOfEndedCard`, `PayoutCorrection`, `SettlementDifference`, `PaymentDisputed` and
/// `RefundReversed`, and a refund that is still owed and was not paid. A task that another one
/// replaced is refused; that one's text and amount count.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TasksDone {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Number of the task.
    pub task_id: i32,
    /// What was done, at most 500 characters. Needed.
    pub note: Option<String>,
    /// The money of a `ManualRefund` or `RefundFailed` was paid back by hand; the books say so from
    /// then on. For an Admin.
    pub paid_by_hand: bool,
}

/// The task.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TasksDoneResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The task.
    pub task: Option<OfficeTask>,
    /// It was done before; nothing was changed now.
    pub already_done: bool,
}
