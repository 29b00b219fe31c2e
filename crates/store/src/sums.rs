//! What the books add up to, account by account of the chart: for people who compare two
//! databases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::snapshot::Snapshot;

/// The balances of one sort of account, added up over all sellers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LedgerSum {
    /// The sort: an account's name up to its colon.
    pub account: String,
    /// The currency's code.
    pub currency: String,
    /// Debits minus credits, in minor units.
    pub amount: i128,
}

/// Adds up balances.
#[derive(Debug, Default)]
pub(crate) struct Sums(BTreeMap<(String, String), i128>);

impl Sums {
    pub(crate) fn add(&mut self, account: &str, currency: &str, amount: i64) {
        let sort = account.split(':').next().unwrap_or(account);
        let sum = self.0.entry((sort.to_owned(), currency.to_owned())).or_default();
        *sum = sum.saturating_add(i128::from(amount));
    }

    pub(crate) fn finish(self) -> Vec<LedgerSum> {
        let rows = self.0.into_iter();
        rows.map(|((account, currency), amount)| LedgerSum { account, currency, amount }).collect()
    }
}

/// The balances of all sellers.
pub(crate) fn ledger_sums(view: &dyn Snapshot) -> Result<Vec<LedgerSum>, Fault> {
    let mut sums = Sums::default();
    for shard in view.shards()? {
        for balance in view.balances(shard)? {
            sums.add(&balance.account.to_string(), &balance.currency, balance.amount);
        }
    }
    Ok(sums.finish())
}
