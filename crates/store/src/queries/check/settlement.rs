//! What gateways have settled, beside the attempts that it is about (`payments.md` §7.3).

use std::collections::BTreeSet;

use domain::attempt::Attempt;
use domain::facts::Key;
use domain::sale::Sale;
use domain::settlement::{Settled, SettlementDifference, brought_in};
use domain::task::Task;

use super::CheckReport;
use super::links::is_absent;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// Each settlement of a sale with its attempt.
pub(super) fn pairs(sale: &Sale) -> impl Iterator<Item = (&Attempt, &Settled)> {
    sale.settled.iter().filter_map(|settled| {
        let attempt = sale.attempts.iter().find(|attempt| attempt.number == settled.attempt)?;
        Some((attempt, settled))
    })
}

/// What a gateway owed for an attempt, and owes no more.
pub(super) fn cleared(attempt: &Attempt) -> i128 {
    i128::from(brought_in(attempt.verb, attempt.moved))
}

/// The same of all attempts of a sale.
pub(super) fn cleared_of(sale: &Sale) -> i128 {
    pairs(sale).map(|(attempt, _)| cleared(attempt)).sum()
}

/// What came to the bank, or was kept back, for a sale.
pub(super) fn banked(sale: &Sale) -> i128 {
    let amount = |(attempt, settled): (&Attempt, &Settled)| {
        i128::from(brought_in(attempt.verb, settled.amount)) - i128::from(settled.fee)
    };
    pairs(sale).map(amount).sum()
}

/// Each settlement is about an attempt whose money moved, and no attempt has two.
pub(super) fn check_sale(sale: &Sale, name: &str, report: &mut CheckReport) {
    let mut seen = BTreeSet::new();
    for settled in &sale.settled {
        let number = settled.attempt;
        let attempt = sale.attempts.iter().find(|attempt| attempt.number == number);
        if attempt.is_none_or(|attempt| brought_in(attempt.verb, attempt.moved) == 0) {
            report.find(format!("{name}: attempt {number} is settled, but moved nothing."));
        }
        if !seen.insert(number) {
            report.find(format!("{name}: attempt {number} is settled twice."));
        }
    }
}

/// A difference has its task, and its payment where it names one.
pub(super) fn check_difference(
    view: &dyn Snapshot,
    difference: &SettlementDifference,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let task = Task::key_of(difference.task_shard(), difference.task);
    let sale = difference.place.map(|place| Sale::key_of(place.shard, place.sale));
    for key in sale.into_iter().chain([task]) {
        if is_absent(view, &key)? {
            let Key { shard, kind, number, .. } = key;
            report.find(format!(
                "A difference of a settlement names {kind:?} {number} of shard {}, which is not \
                 there.",
                shard.0
            ));
        }
    }
    Ok(())
}
