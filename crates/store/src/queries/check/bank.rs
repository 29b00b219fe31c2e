//! What went through the bank: payouts, what persons took and paid back by hand, and what gateways
//! settled.

use std::collections::BTreeMap;

use domain::ids::Shard;
use domain::ledger::Account;
use domain::payout::Payout;
use domain::sale::Sale;

use super::{CheckReport, settlement};
use crate::snapshot::Balance;

/// Sums by currency.
#[derive(Default)]
pub(super) struct Bank {
    moved: BTreeMap<String, i128>,
}

impl Bank {
    pub(super) fn add_sale(&mut self, sale: &Sale) {
        let taken = sale.taken_by_hand.iter().map(|fund| i128::from(fund.amount));
        let given = sale.hand_refunds.iter().map(|refund| i128::from(refund.amount));
        let sum = taken.sum::<i128>() - given.sum::<i128>() + settlement::banked(sale);
        if sum != 0 {
            *self.moved.entry(sale.currency.code().to_owned()).or_default() += sum;
        }
    }

    pub(super) fn add_payout(&mut self, payout: &Payout) {
        let currency = payout.currency.code().to_owned();
        *self.moved.entry(currency).or_default() -= i128::from(payout.paid);
    }

    pub(super) fn compare(mut self, shard: Shard, balances: &[Balance], report: &mut CheckReport) {
        for balance in balances.iter().filter(|balance| balance.account == Account::Bank) {
            let sum = self.moved.entry(balance.currency.clone()).or_default();
            *sum -= i128::from(balance.amount);
        }
        for (currency, by) in self.moved.into_iter().filter(|(_, by)| *by != 0) {
            report.find(format!(
                "Payouts, settlements and payments by hand of shard {} moved {by} {currency} more \
                 through the bank than the books say.",
                shard.0
            ));
        }
    }
}
