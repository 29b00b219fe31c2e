//! The books, for whoever keeps them (`domain.md` §8, `payments.md` §7).

mod attempts;
mod balances;
mod entries;
mod settlements;
mod unsettled;

use contract::ledger as published;
use domain::money::{Currency, Money};
use rust_decimal::Decimal;

use super::handlers::{Handler, handler};
use crate::money::decimal;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(published::balances::LEDGER_BALANCES, balances::serve),
    handler!(published::entries::LEDGER_ENTRIES, entries::serve),
    handler!(published::attempts::LEDGER_ATTEMPTS, attempts::serve),
    handler!(published::unsettled::LEDGER_UNSETTLED, unsettled::serve),
    handler!(published::settlements::list::LEDGER_SETTLEMENTS, settlements::list::serve),
    handler!(published::settlements::import::LEDGER_SETTLEMENTS_IMPORT, settlements::import::serve),
    handler!(published::settlements::accept::LEDGER_SETTLEMENTS_ACCEPT, settlements::accept::serve),
];

/// Minor units of a stored currency as published.
fn amount(minor: i64, code: &str) -> Decimal {
    let money = Currency::parse(code).map(|currency| Money::new(minor, currency));
    money.map_or_else(|| Decimal::from(minor), decimal)
}
