//! Tasks that are open.

use service::Dto;
use service::operation::{Operation, Route};

use super::{OFFICE, OfficeTask};

/// `GET /tasks/{EventOwnerId}`.
pub static TASKS_LIST: Operation = Operation {
    routes: &[Route::new("GET", "/tasks/{EventOwnerId}")],
    access: OFFICE,
    ..Operation::of::<TasksList, TasksListResult>()
};

/// What persons must still do for an organiser.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TasksList {
    /// Number of the organiser; 0 for all that the caller may act for.
    pub event_owner_id: i32,
    /// Only those with a higher number; for the next page of a thousand.
    pub after_id: i32,
    /// Where all organisers are asked for, the one of the last row of the page before.
    pub after_owner_id: i32,
}

/// Tasks by organiser, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct TasksListResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The tasks.
    pub tasks: Option<Vec<OfficeTask>>,
}
