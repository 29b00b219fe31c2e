//! One sale beside its postings: what its attempts say, and what the books say.

use domain::attempt::{AttemptState, Verb};
use domain::ledger::{Account, Posting};
use domain::sale::{Sale, SaleState};

use super::{CheckReport, count};

pub(super) fn check(sale: &Sale, postings: &[&Posting], report: &mut CheckReport) {
    count(sale, report);
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    check_attempts(sale, &name, report);
    let (paid, total) = (sale.paid(), sale.total);
    let fits = match sale.state {
        SaleState::Issued => paid == total,
        SaleState::Returning => paid > 0,
        SaleState::Returned => paid <= 0,
        _ => paid == 0,
    };
    if !fits {
        let state = sale.state.name();
        report.find(format!("{name} is {state}, but {paid} of {total} is paid."));
    }
    check_books(sale, postings, &name, report);
}

/// At most one of a kind is open, and money has moved exactly where an attempt succeeded.
fn check_attempts(sale: &Sale, name: &str, report: &mut CheckReport) {
    for verb in [Verb::Charge, Verb::Refund] {
        let of_verb = sale.attempts.iter().filter(|attempt| attempt.verb == verb);
        let open = of_verb.filter(|attempt| attempt.state.is_open()).count();
        if open > 1 {
            report.find(format!("{name} has {open} open attempts to {verb:?} at the same time."));
        }
    }
    for attempt in &sale.attempts {
        if (attempt.state == AttemptState::Succeeded) != (attempt.moved > 0) {
            let (number, state, moved) = (attempt.number, attempt.state, attempt.moved);
            report.find(format!("{name}: attempt {number} is {state:?}, but moved {moved}."));
        }
    }
}

fn check_books(sale: &Sale, postings: &[&Posting], name: &str, report: &mut CheckReport) {
    let legs = || postings.iter().flat_map(|posting| &posting.legs);
    let sum = |counts: fn(&Account) -> bool| -> i128 {
        legs().filter(|leg| counts(&leg.account)).map(|leg| i128::from(leg.amount)).sum()
    };
    let paid = i128::from(sale.paid());
    let issued = sale.state == SaleState::Issued && sale.total > 0;
    let (fee, total) = if issued { (sale.fee.into(), sale.total.into()) } else { (0, 0) };
    let owed_back = if sale.state == SaleState::Issued { 0 } else { -paid };
    let expectations = [
        ("gateways", sum(|account| matches!(account, Account::GatewayClearing(_))), paid),
        ("the organiser", sum(|account| matches!(account, Account::OwnerPayable(_))), fee - total),
        ("fees", sum(|account| *account == Account::PlatformFeeIncome), -fee),
        ("refunds", sum(|account| matches!(account, Account::RefundPayable(_))), owed_back),
    ];
    for (whose, booked, expected) in expectations {
        if booked != expected {
            report.find(format!(
                "{name}: the books say {booked} for {whose}, its attempts say {expected}."
            ));
        }
    }
}
