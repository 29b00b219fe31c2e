//! One sale beside its postings: what its attempts say, and what the books say.

use domain::attempt::{AttemptState, Verb};
use domain::ledger::{Account, Posting};
use domain::sale::{Goods, Sale, SaleState};

use super::{CheckReport, count, settlement};

pub(super) fn check(sale: &Sale, postings: &[&Posting], report: &mut CheckReport) {
    count(sale, report);
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    check_attempts(sale, &name, report);
    check_money(sale, &name, report);
    settlement::check_sale(sale, &name, report);
    check_books(sale, postings, &name, report);
}

/// At most one of a kind is open, and money has moved exactly where an attempt succeeded. Voids
/// may be several: a sale that is not to be frees all that it had reserved.
fn check_attempts(sale: &Sale, name: &str, report: &mut CheckReport) {
    let mut check = |kind: &str, is_of: fn(Verb) -> bool| {
        let of_kind = sale.attempts.iter().filter(|attempt| is_of(attempt.verb));
        let open = of_kind.filter(|attempt| attempt.state.is_open()).count();
        if open > 1 {
            report.find(format!("{name} has {open} open attempts to {kind} at the same time."));
        }
    };
    check("Charge", Verb::asks_payer);
    check("Capture", |verb| verb == Verb::Capture);
    check("Refund", |verb| verb == Verb::Refund);
    for attempt in &sale.attempts {
        if (attempt.state == AttemptState::Succeeded) != (attempt.moved > 0) {
            let (number, state, moved) = (attempt.number, attempt.state, attempt.moved);
            report.find(format!("{name}: attempt {number} is {state:?}, but moved {moved}."));
        }
    }
}

/// Nothing is live without its price, and nothing is kept without goods (`payments.md` §6.8).
fn check_money(sale: &Sale, name: &str, report: &mut CheckReport) {
    let (paid, total) = (sale.paid(), sale.total);
    let kept = paid - sale.owed_back;
    let fits = match sale.state {
        SaleState::Issued | SaleState::Cancelled => {
            kept + sale.credit_used() == total - sale.refunded()
        }
        SaleState::Returning => paid > 0,
        SaleState::Returned => paid <= 0,
        // What came in part or too late is on its way back.
        SaleState::Transferred
        | SaleState::AwaitingPayment
        | SaleState::UnderReview
        | SaleState::PaymentFailed
        | SaleState::Expired => kept == sale.holding(),
    };
    if !fits {
        let state = sale.state.name();
        report.find(format!("{name} is {state}, but {paid} of {total} is paid."));
    }
}

fn check_books(sale: &Sale, postings: &[&Posting], name: &str, report: &mut CheckReport) {
    let legs = || postings.iter().flat_map(|posting| &posting.legs);
    let sum = |counts: fn(&Account) -> bool| -> i128 {
        legs().filter(|leg| counts(&leg.account)).map(|leg| i128::from(leg.amount)).sum()
    };
    let mut expectations = vec![
        (
            "gateways",
            sum(|account| matches!(account, Account::GatewayClearing(_))),
            moved(sale) - settlement::cleared_of(sale),
        ),
        (
            "refunds",
            sum(|account| matches!(account, Account::RefundPayable(_))),
            -i128::from(sale.owed()),
        ),
    ];
    // The ticket that moved has taken its fee along, and what a card is worth when it is paid back
    // depends on what is left on it.
    if sale.state != SaleState::Transferred {
        let fees = sum(|account| *account == Account::PlatformFeeIncome);
        expectations.push(("fees", fees, -fee(sale)));
        if !matches!(sale.goods, Goods::Cards { .. }) {
            expectations.push(("the organiser", sum(is_the_owners), fee(sale) - value(sale)));
        }
    }
    for (whose, booked, expected) in expectations {
        if booked != expected {
            report.find(format!(
                "{name}: the books say {booked} for {whose}, the sale says {expected}."
            ));
        }
    }
}

/// What gateways took for it and did not give back.
fn moved(sale: &Sale) -> i128 {
    sale.attempts.iter().map(|attempt| i128::from(attempt.money())).sum()
}

fn is_the_owners(account: &Account) -> bool {
    use Account::{
        DeferredRevenue, OwnerPayable, OwnerPayableCards, OwnerPayableContracts,
        OwnerPayableOrders, OwnerPayablePasses, OwnerReceivable, StoreCreditPromo, TaxPayable,
    };
    matches!(
        account,
        OwnerPayable(_)
            | OwnerPayableCards
            | OwnerPayablePasses
            | OwnerPayableOrders
            | OwnerPayableContracts
            | OwnerReceivable
            | StoreCreditPromo
            | DeferredRevenue(_)
            | TaxPayable(_)
    )
}

/// What was sold and not promised back.
fn value(sale: &Sale) -> i128 {
    if sale.issued_at.is_none() {
        return 0;
    }
    i128::from(sale.total) - i128::from(sale.refunded())
}

/// The platform's part of what was sold and not given up.
fn fee(sale: &Sale) -> i128 {
    if sale.issued_at.is_none() {
        return 0;
    }
    let given_up: i128 = sale.refunds.iter().map(|refund| i128::from(refund.fee)).sum();
    i128::from(sale.fee) - given_up
}
