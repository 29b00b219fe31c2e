//! What settlements said.

use service::Dto;
use service::operation::{Operation, Route};

use super::{ADMIN, SettlementDifference, SettlementFile};

/// `GET /ledger/settlements`.
pub static LEDGER_SETTLEMENTS: Operation = Operation {
    routes: &[Route::new("GET", "/ledger/settlements")],
    access: ADMIN,
    ..Operation::of::<LedgerSettlements, LedgerSettlementsResult>()
};

/// The settlement files that were taken in, and what is still different.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSettlements {
    /// Only those of this gateway.
    pub gateway: Option<String>,
    /// Most files to return, the newest first, 1 to 1000; 100 when left out.
    pub take: Option<i32>,
}

/// Files and differences.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSettlementsResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The files, the newest first.
    pub files: Option<Vec<SettlementFile>>,
    /// What is different and not cleared up, the oldest first; a thousand at most.
    pub differences: Option<Vec<SettlementDifference>>,
}
