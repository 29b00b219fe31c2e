//! What the accounts stand at.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::Decimal;

use super::OFFICE;

/// `GET /ledger/balances/{EventOwnerId}`.
pub static LEDGER_BALANCES: Operation = Operation {
    routes: &[Route::new("GET", "/ledger/balances/{EventOwnerId}")],
    access: OFFICE,
    ..Operation::of::<LedgerBalances, LedgerBalancesResult>()
};

/// What the accounts of an organiser's books stand at now. All of one currency add up to zero.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerBalances {
    /// Number of the organiser; 0 for all that the caller may act for.
    pub event_owner_id: i32,
    /// Only accounts of this sort, such as `owner_payable`: the name up to its colon.
    pub sort: Option<String>,
    /// How many to leave out; 0 for the first page.
    pub skip: Option<i32>,
    /// Most balances to return, 1 to 1000; 1000 when left out.
    pub take: Option<i32>,
}

/// Balances.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerBalancesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The accounts that do not stand at zero, by organiser, account and currency.
    pub balances: Option<Vec<LedgerBalance>>,
    /// How many there are on all pages.
    pub total: i32,
    /// What all pages add up to, by sort of account and currency.
    pub sums: Option<Vec<LedgerSum>>,
}

/// One account in one currency.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerBalance {
    /// Whose books.
    pub event_owner_id: i32,
    /// The account, such as `owner_payable:7`: its sort, and the number it is about.
    pub account: Option<String>,
    /// The currency.
    pub currency: Option<String>,
    /// Debits minus credits.
    pub amount: Decimal,
}

/// All accounts of one sort in one currency.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct LedgerSum {
    /// The sort of account.
    pub sort: Option<String>,
    /// The currency.
    pub currency: Option<String>,
    /// Debits minus credits.
    pub amount: Decimal,
}
