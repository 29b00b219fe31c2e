//! The balances, added up anew from the postings.

use std::collections::BTreeMap;

use domain::ids::Shard;
use domain::ledger::{Account, Posting, Source};

use super::CheckReport;
use crate::snapshot::Balance;

/// Sums by account and currency. Those of zero are dropped as they arise, so that sales long
/// settled take no room.
pub(super) struct Books {
    shard: Shard,
    sums: BTreeMap<(Account, String), i128>,
}

impl Books {
    pub(super) fn new(shard: Shard) -> Books {
        Books { shard, sums: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, posting: &Posting, report: &mut CheckReport) {
        let sum: i128 = posting.legs.iter().map(|leg| i128::from(leg.amount)).sum();
        if sum != 0 {
            report.find(format!(
                "Posting {:?} of step {} of {} of shard {} is off by {sum}.",
                posting.kind,
                posting.step,
                name_of(posting.source),
                self.shard.0
            ));
        }
        for leg in &posting.legs {
            let name = (leg.account.clone(), posting.currency.code().to_owned());
            let sum = self.sums.entry(name.clone()).or_default();
            *sum += i128::from(leg.amount);
            if *sum == 0 {
                self.sums.remove(&name);
            }
        }
    }

    pub(super) fn compare(mut self, balances: &[Balance], report: &mut CheckReport) {
        let shard = self.shard.0;
        for balance in balances {
            let name = (balance.account.clone(), balance.currency.clone());
            let sum = self.sums.remove(&name).unwrap_or(0);
            if sum != i128::from(balance.amount) {
                let ((account, currency), amount) = (name, balance.amount);
                report.find(format!(
                    "The balance of {account} of shard {shard} is {amount} {currency}, its \
                     postings add up to {sum}."
                ));
            }
        }
        for ((account, currency), sum) in self.sums {
            report.find(format!(
                "{account} of shard {shard} has no balance, its postings add up to {sum} \
                 {currency}."
            ));
        }
    }
}

fn name_of(source: Source) -> String {
    let what = match source {
        Source::Sale(_) => "sale",
        Source::Payout(_) => "payout",
        Source::Card(_) => "card",
    };
    format!("{what} {}", source.number())
}
