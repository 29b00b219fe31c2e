//! The ledger, added up by the judge.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::Shard;
use domain::ledger::{Posting, PostingKind};
use store::changes::BalanceChange;

/// Everything posted.
#[derive(Default)]
pub(super) struct Books {
    posted: BTreeSet<(Shard, u32, u8, PostingKind)>,
    /// Sums of legs, and of what was added to balances, by account.
    pub(super) legs: BTreeMap<(Shard, String), i64>,
    balances: BTreeMap<(Shard, String), i64>,
}

impl Books {
    /// Takes in what a commit booked; the rule that it breaks, if any.
    pub(super) fn see(
        &mut self,
        postings: &[Posting],
        balances: &[BalanceChange],
    ) -> Option<(&'static str, String)> {
        for posting in postings {
            let source = posting.source.number();
            let name = (posting.shard, source, posting.step, posting.kind);
            if !self.posted.insert(name) {
                return Some(("nothing is booked twice", format!("{posting:?}")));
            }
            if posting.legs.iter().map(|leg| leg.amount).sum::<i64>() != 0 {
                return Some(("each posting sums to zero", format!("{posting:?}")));
            }
            for leg in &posting.legs {
                add(&mut self.legs, posting.shard, leg.account.to_string(), leg.amount);
            }
        }
        for balance in balances {
            add(&mut self.balances, balance.shard, balance.account.to_string(), balance.amount);
        }
        let differ = self.legs != self.balances;
        differ.then(|| ("balances are the sum of the postings", format!("{postings:?}")))
    }

    /// What the gateways owe.
    pub(super) fn clearing(&self) -> i64 {
        let accounts = self.legs.iter().filter(|((_, name), _)| name.starts_with("gateway_"));
        accounts.map(|(_, amount)| amount).sum()
    }
}

fn add(sums: &mut BTreeMap<(Shard, String), i64>, shard: Shard, name: String, amount: i64) {
    let key = (shard, name);
    let sum = sums.get(&key).copied().unwrap_or(0) + amount;
    if sum == 0 {
        sums.remove(&key);
    } else {
        sums.insert(key, sum);
    }
}
