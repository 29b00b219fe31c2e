//! What was booked.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal};

use super::OFFICE;

/// `GET /ledger/entries/{EventOwnerId}`.
pub static LEDGER_ENTRIES: Operation = Operation {
    routes: &[Route::new("GET", "/ledger/entries/{EventOwnerId}")],
    access: OFFICE,
    ..Operation::of::<LedgerEntries, LedgerEntriesResult>()
};

/// What was booked in an organiser's books, by the number of what caused it. A page may hold fewer
/// entries than asked for, or none, where few lie within the time; there are more as long as
/// `next` is told.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerEntries {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Only what this order, payout or card caused.
    pub source_id: Option<i32>,
    /// Only what was booked at this moment or later.
    #[dto(name = "SinceUTC")]
    pub since_utc: Option<DateTime>,
    /// Only what was booked before this moment.
    #[dto(name = "BeforeUTC")]
    pub before_utc: Option<DateTime>,
    /// Only what comes after this entry: `next` of the page before.
    pub after: Option<String>,
    /// Most entries to return, 1 to 1000; 100 when left out.
    pub take: Option<i32>,
}

/// One page of what was booked.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerEntriesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// What was booked.
    pub entries: Option<Vec<LedgerEntry>>,
    /// What to send as `after` for the next page; null when there is none now.
    pub next: Option<String>,
}

/// One event in the books.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerEntry {
    /// What caused it: `sale`, `payout` or `card`.
    pub source: Option<String>,
    /// Its number.
    pub source_id: i32,
    /// Which step of it: the number of an order's payment, or of its refund.
    pub step: i32,
    /// What happened, such as `sold` or `returned`.
    pub kind: Option<String>,
    /// When it was booked.
    #[dto(name = "AtUTC")]
    pub at_utc: DateTime,
    /// The currency of all sides.
    pub currency: Option<String>,
    /// The sides; they add up to zero.
    pub legs: Option<Vec<LedgerLeg>>,
}

/// One side of an entry.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerLeg {
    /// The account.
    pub account: Option<String>,
    /// Debit above zero, credit below.
    pub amount: Decimal,
}
