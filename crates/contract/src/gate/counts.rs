//! How many went in.

use service::Dto;
use service::operation::{Operation, Route};

use super::SCANNERS;

/// `GET /gate/counts/{EventId}`.
pub static GATE_COUNTS: Operation = Operation {
    routes: &[Route::new("GET", "/gate/counts/{EventId}")],
    access: SCANNERS,
    ..Operation::of::<GateCounts, GateCountsResult>()
};

/// How many went in at an event, gate by gate.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateCounts {
    /// Number of the event.
    pub event_id: i32,
}

/// The counts.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateCountsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// Admissions that went in; nobody counts twice.
    pub total: i32,
    /// Gate by gate.
    pub gates: Option<Vec<GateCount>>,
}

/// The counts of one gate.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateCount {
    /// Name of the gate.
    pub gate: Option<String>,
    /// Admissions that went in there.
    pub entries: i32,
    /// Entries of persons who had been in before.
    pub re_entries: i32,
}
