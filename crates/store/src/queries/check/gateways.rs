//! What gateways owe: all that was captured, less all that was paid back and all that they have
//! settled (`payments.md` §7.3).

use std::collections::BTreeMap;

use domain::ids::Shard;
use domain::ledger::Account;
use domain::sale::Sale;

use super::{CheckReport, settlement};
use crate::snapshot::Balance;

/// Sums by gateway and currency.
#[derive(Default)]
pub(super) struct Gateways {
    moved: BTreeMap<(String, String), i128>,
}

impl Gateways {
    pub(super) fn add(&mut self, sale: &Sale) {
        for attempt in sale.attempts.iter().filter(|attempt| attempt.money() != 0) {
            let key = (attempt.terms.name.clone(), sale.currency.code().to_owned());
            *self.moved.entry(key).or_default() += i128::from(attempt.money());
        }
        for (attempt, _) in settlement::pairs(sale) {
            let key = (attempt.terms.name.clone(), sale.currency.code().to_owned());
            *self.moved.entry(key).or_default() -= settlement::cleared(attempt);
        }
    }

    pub(super) fn compare(mut self, shard: Shard, balances: &[Balance], report: &mut CheckReport) {
        for balance in balances {
            let Account::GatewayClearing(name) = &balance.account else { continue };
            let key = (name.clone(), balance.currency.clone());
            *self.moved.entry(key).or_default() -= i128::from(balance.amount);
        }
        for ((name, currency), by) in self.moved.into_iter().filter(|(_, by)| *by != 0) {
            report.find(format!(
                "Attempts of shard {} moved {by} {currency} more through gateway {name}, less what \
                 it has settled, than the books say.",
                shard.0
            ));
        }
    }
}
