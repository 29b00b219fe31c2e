//! Stopping long work.

use service::Dto;
use service::operation::{Effect, Operation, Route};

use super::{OFFICE, RefundJobResult};

/// `POST /refund/jobs/stop`.
pub static REFUND_JOBS_STOP: Operation = Operation {
    routes: &[Route::new("POST", "/refund/jobs/stop")],
    access: OFFICE,
    effect: Effect::Writes,
    ..Operation::of::<RefundJobsStop, RefundJobResult>()
};

/// Stops long work. What it did stays done; to go on, ask for the same again.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundJobsStop {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Number of the work.
    pub job_id: i32,
}
