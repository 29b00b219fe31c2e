//! Telling what a scanner did without the network.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::DateTime;

use super::SCANNERS;

/// `POST /gate/upload`.
pub static GATE_UPLOAD: Operation = Operation {
    routes: &[Route::new("POST", "/gate/upload")],
    access: SCANNERS,
    effect: Effect::Writes,
    ..Operation::of::<GateUpload, GateUploadResult>()
};

/// Most scans of one upload.
pub const UPLOAD_SCANS_MAX: i32 = 500;

/// Tells what a scanner did without the network. The first scan by time counts; what does not fit
/// becomes a task for the office. The same upload again changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateUpload {
    /// The scanner, at most 50 characters. Needed.
    pub device: Option<String>,
    /// Its scans, at most 500.
    pub scans: Option<Vec<OfflineScan>>,
}

/// One scan.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OfflineScan {
    /// What the scanner read.
    pub scan_code: Option<String>,
    /// When, by the scanner's clock. Needed.
    #[dto(name = "AtUTC")]
    pub at_utc: Option<DateTime>,
    /// Name of the gate, at most 50 characters. Needed.
    pub gate: Option<String>,
}

/// What became of the scans.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GateUploadResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// For each scan in its order: `Counted`, `ReEntry`, `Known`, `DoubleEntry`,
    /// `TransferAfterScan`, `InvalidEntry`, `UnknownTicket`, `NotGenuine` or `OwnerScopeDenied`.
    pub outcomes: Option<Vec<String>>,
}
