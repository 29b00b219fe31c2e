//! Taking a scan back.

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};

/// `POST /gate/undo`.
pub static GATE_UNDO: Operation = Operation {
    routes: &[Route::new("POST", "/gate/undo")],
    access: Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN },
    effect: Effect::Writes,
    ..Operation::of::<GateUndo, GateUndoResult>()
};

/// Takes the scans of an admission back: it may go in again as if for the first time.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateUndo {
    /// The code that was scanned.
    pub scan_code: Option<String>,
    /// Why, for the record, at most 500 characters.
    pub reason: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateUndoResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// State of the ticket (`domain.md §7.1`).
    pub ticket_status: Option<String>,
}
