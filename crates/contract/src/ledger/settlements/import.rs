//! Taking a settlement file in.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::Decimal;

use super::{ADMIN, SettlementDifference, SettlementFile};

/// `POST /ledger/settlements`.
pub static LEDGER_SETTLEMENTS_IMPORT: Operation = Operation {
    routes: &[Route::new("POST", "/ledger/settlements")],
    access: ADMIN,
    effect: Effect::Writes,
    ..Operation::of::<LedgerSettlementsImport, LedgerSettlementsImportResult>()
};

/// Takes in what a gateway paid out, from the CSV file that it offers. Lines that say what the till
/// says are booked: the money is in the bank, less the gateway's fee. About others a person is
/// asked with a task, and nothing is booked for them. A file is taken in once, and a line of
/// several files is booked once. What is wrong with a file is told line by line; then nothing is
/// booked.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSettlementsImport {
    /// The gateway's name, as organisers choose it. Needed.
    pub gateway: Option<String>,
    /// How the file is written: `plain`, `stripe`, `borgun` or `phone`. Needed.
    pub format: Option<String>,
    /// What the file is called, at most 100 characters.
    pub file_name: Option<String>,
    /// The file. Needed; larger ones are for `guichet reconcile import`.
    pub content: Option<String>,
    /// Only say what would be done.
    pub dry_run: Option<bool>,
    /// How many days before the file's last line a payment must have moved to be missed, 1 to
    /// 3650; 14 when left out.
    pub missing_after_days: Option<i32>,
}

/// What became of the file.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSettlementsImportResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The file was taken in before; nothing was done now.
    pub already_taken: bool,
    /// The file.
    pub file: Option<SettlementFile>,
    /// Each line that a person is asked about.
    pub differences: Option<Vec<SettlementDifference>>,
    /// Lines about no payment, by the gateway's word for them; they are not booked.
    pub others: Option<Vec<SettlementOther>>,
    /// Payments that should have been settled long ago and are not.
    pub missing: i32,
    /// About how many of those a person is asked now.
    pub missing_asked: i32,
}

/// Lines about no payment.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SettlementOther {
    /// The gateway's word for them.
    pub kind: Option<String>,
    /// How many.
    pub count: i32,
    /// What they bring to the bank; below zero for what they take from it.
    pub net: Decimal,
    /// The currency.
    pub currency: Option<String>,
}
