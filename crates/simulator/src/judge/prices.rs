//! What things cost, and what is left of an order, as the judge counts it.

use domain::ids::{EventId, TicketTypeId};
use domain::sale::{Entitlement, Sale, SaleState};
use store::testing::{ADULT, CHILD};

use super::Asked;
use crate::plan::{CardUse, What};

/// What a season card costs, in minor units.
const CARD_PRICE: i64 = 20_000;

/// What is played at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Program {
    Match,
    Final,
    Seated,
}

pub(super) fn program(event: EventId) -> Program {
    match event.0 % 10 {
        2 => Program::Final,
        3 => Program::Seated,
        _ => Program::Match,
    }
}

/// Minor units an admission.
fn price(program: Program, kind: TicketTypeId) -> i64 {
    match (program, kind) {
        (Program::Final, ADULT) => 8_000,
        (Program::Final, CHILD) => 1_000,
        (Program::Final, _) => 6_000,
        (_, ADULT) => 5_000,
        (_, CHILD) => 0,
        _ => 7_000,
    }
}

/// What an order must cost.
pub(super) fn price_of(asked: &Asked) -> i64 {
    let program = match asked.what {
        What::Cards(count) => return CARD_PRICE * i64::from(count),
        What::Match => Program::Match,
        What::Final => Program::Final,
        What::Seats(_) => Program::Seated,
    };
    if matches!(asked.card, Some((_, CardUse::Free))) {
        return 0;
    }
    asked.lines.iter().map(|(kind, count)| price(program, *kind) * i64::from(*count)).sum()
}

/// What the lines of a ticket cost at its event.
pub(super) fn list_price(sale: &Sale) -> i64 {
    let program = program(sale.event);
    let lines = sale.lines.iter();
    lines.map(|line| price(program, line.ticket_type) * i64::from(line.count)).sum()
}

/// How many admissions of each line were not paid back one by one.
pub(super) fn left(sale: &Sale) -> Vec<i64> {
    let mut first = 1_u32;
    let ended = |number: u32| {
        let is = |ended: &u16| u32::from(*ended) == number;
        sale.refunds.iter().any(|refund| refund.admissions.iter().any(is))
    };
    let mut left = Vec::new();
    for line in &sale.lines {
        let numbers = first..first + line.count;
        first = numbers.end;
        left.push(numbers.filter(|number| !ended(*number)).map(|_| 1).sum());
    }
    left
}

/// Minor units of season cards' credit among what a sale says it used.
pub(super) fn credit(sale: &Sale) -> i64 {
    let credit = sale.entitlements.iter().map(|right| match right {
        Entitlement::StoreCredit { amount, .. } => *amount,
        _ => 0,
    });
    credit.sum()
}

/// Minor units of money that must stay for a sale of this price when all is done.
pub(super) fn kept(sale: &Sale, price: i64) -> i64 {
    match sale.state {
        SaleState::Issued | SaleState::Cancelled => {
            let refunded = sale.refunds.iter().map(|refund| refund.money + refund.credit);
            price - refunded.sum::<i64>() - credit(sale)
        }
        _ => 0,
    }
}

/// Minor units that persons took for a sale and did not give back.
pub(super) fn by_hand(sale: &Sale) -> i64 {
    let taken: i64 = sale.taken_by_hand.iter().map(|fund| fund.amount).sum();
    taken - sale.hand_refunds.iter().map(|refund| refund.amount).sum::<i64>()
}
