//! How far long work is.

use service::Dto;
use service::operation::{Operation, Route};

use super::{OFFICE, RefundJob};

/// `GET /refund/jobs/{EventOwnerId}`.
pub static REFUND_JOBS: Operation = Operation {
    routes: &[Route::new("GET", "/refund/jobs/{EventOwnerId}")],
    access: OFFICE,
    ..Operation::of::<RefundJobs, RefundJobsResult>()
};

/// Long work of an organiser: refunds and cancellations of whole events.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundJobs {
    /// Number of the organiser; 0 for all that the caller may act for.
    pub event_owner_id: i32,
    /// Only what has a higher number; for the next page of a thousand.
    pub after_id: i32,
    /// Where all organisers are asked for, the one of the last row of the page before.
    pub after_owner_id: i32,
}

/// Long work by organiser, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct RefundJobsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The work.
    pub jobs: Option<Vec<RefundJob>>,
}
