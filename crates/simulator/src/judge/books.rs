//! The ledger, added up by the judge.

use std::collections::{BTreeMap, BTreeSet};

use domain::books::EventBook;
use domain::ids::{EventId, Shard};
use domain::ledger::{Posting, PostingKind};
use store::changes::BalanceChange;

/// The account of what persons took.
const BY_HAND: &str = "gateway_clearing:by hand";

/// Everything posted.
#[derive(Default)]
pub(super) struct Books {
    posted: BTreeSet<(Shard, u32, u8, PostingKind)>,
    /// Sums of legs, and of what was added to balances, by account.
    pub(super) legs: BTreeMap<(Shard, String), i64>,
    balances: BTreeMap<(Shard, String), i64>,
    /// Events that were paid out.
    paid_out: BTreeSet<(Shard, EventId)>,
}

impl Books {
    /// Takes in what a commit booked; the rule that it breaks, if any.
    pub(super) fn see(
        &mut self,
        postings: &[Posting],
        balances: &[BalanceChange],
    ) -> Option<(&'static str, String)> {
        if postings.is_empty() && balances.is_empty() {
            return None;
        }
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
        if self.sum_of("between:") != 0 {
            return Some(("what sellers owe each other cancels out", format!("{postings:?}")));
        }
        let differ = self.legs != self.balances;
        differ.then(|| ("balances are the sum of the postings", format!("{postings:?}")))
    }

    /// The book of an event was stored.
    pub(super) fn see_event(&mut self, book: &EventBook) {
        if book.paid_out.is_some() {
            self.paid_out.insert((book.shard, book.event));
        }
    }

    /// What the gateways owe.
    pub(super) fn clearing(&self) -> i64 {
        self.sum_of("gateway_") - self.sum_of(BY_HAND)
    }

    /// What is left on accounts that must be empty when all is over, if anything; `credits` is
    /// what every season card has left, by the name of its account.
    pub(super) fn left_over(
        &self,
        credits: impl Iterator<Item = ((Shard, String), i64)>,
    ) -> Option<String> {
        let open = |name: &str| name.starts_with("order_holding") || name.starts_with("refund_");
        if let Some((account, amount)) = self.legs.iter().find(|((_, name), _)| open(name)) {
            return Some(format!("{amount} on {account:?}"));
        }
        let payable = |(shard, event): &(Shard, EventId)| {
            let account = (*shard, format!("owner_payable:{}", event.0));
            self.legs.get(&account).map(|amount| format!("{amount} on {account:?}"))
        };
        let mut differing = credits
            .filter(|(account, credit)| self.legs.get(account).copied().unwrap_or(0) != -*credit);
        let payable = self.paid_out.iter().find_map(payable);
        payable.or_else(|| differing.next().map(|found| format!("{found:?} is not in the books")))
    }

    fn sum_of(&self, prefix: &str) -> i64 {
        let accounts = self.legs.iter().filter(|((_, name), _)| name.starts_with(prefix));
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
