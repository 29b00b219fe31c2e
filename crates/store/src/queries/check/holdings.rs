//! What buyers have paid for orders that are not complete (`payments.md` §7.1).

use std::collections::BTreeMap;

use domain::ids::{SaleId, Shard};
use domain::ledger::Account;
use domain::sale::Sale;

use super::CheckReport;
use crate::snapshot::Balance;

/// What sales say that they hold, less what the books say.
#[derive(Default)]
pub(super) struct Holdings {
    held: BTreeMap<SaleId, i128>,
}

impl Holdings {
    pub(super) fn add(&mut self, sale: &Sale) {
        if sale.holding() != 0 {
            self.held.insert(sale.id, i128::from(sale.holding()));
        }
    }

    /// What a ticket takes to the next one passes through in one commit, so it leaves nothing.
    pub(super) fn compare(mut self, shard: Shard, balances: &[Balance], report: &mut CheckReport) {
        for balance in balances {
            let Account::OrderHolding(sale) = balance.account else { continue };
            *self.held.entry(sale).or_default() += i128::from(balance.amount);
        }
        for (sale, by) in self.held.into_iter().filter(|(_, by)| *by != 0) {
            report.find(format!(
                "What sale {} of shard {} holds differs from its balance by {by}.",
                sale.0, shard.0
            ));
        }
    }
}
