//! Doubts about the money of a ticket that moved, and refunds of it over several charges.

use domain::attempt::{AttemptState, REVIEW_AFTER};
use domain::ids::TaskId;
use domain::refusal::Code;
use domain::sale::refund::{RefundSale, RefundWhat};
use domain::sale::{Advanced, ReviewSale, SaleState, Verdict};
use domain::task::{FinishTask, Task};
use domain::transfer::{Moved, NoteTopup, SaleAddress, session_hash};

use super::stage::{DERBY, OTHER, SESSION, Stage, gateway, types};
use crate::common::{SHARD, approved, code, declined, note, unknown, wanted};

/// A ticket of 5 000 that waits for 1 500, and the one that will replace it.
fn waiting() -> (Stage, Moved, SaleAddress) {
    let mut stage = Stage::new();
    let sale = stage.buy();
    let moved = stage.send(sale, DERBY, types(OTHER)[2], 1_500).unwrap();
    stage.pay(&moved.transfer, gateway()).unwrap();
    let to = moved.transfer.to;
    (stage, moved, to)
}

fn pay_by_hand(stage: &mut Stage, moved: &Moved) {
    let noted = stage.club.till.run(&NoteTopup {
        transfer: moved.transfer.address(),
        source: SHARD,
        card_seller: None,
        session: session_hash(SESSION),
        reference: format!("bank-{}", moved.transfer.id.0),
        amount: 1_500,
        by: "office".into(),
        is_trusted: true,
        note: note(),
    });
    noted.unwrap();
}

fn review(stage: &mut Stage, to: SaleAddress, verdict: Verdict) -> Advanced {
    let partner = stage.ticket(to).partner();
    let (payment, note) = (None, None);
    let command = ReviewSale { shard: OTHER, sale: to.id, partner, payment, verdict, note };
    stage.club.till.run(&command).unwrap()
}

/// A charge of which nobody knows is settled by a person even when the ticket is live by then: what
/// came goes back, and what did not come changes nothing.
#[test]
fn a_charge_in_doubt_is_settled_on_a_live_ticket() {
    let check = |verdict: Verdict, owed: i64| {
        let (mut stage, moved, to) = waiting();
        stage.answer(to, 1, unknown());
        pay_by_hand(&mut stage, &moved);
        stage.club.till.pass(REVIEW_AFTER);
        let sale = stage.answer(to, 1, unknown()).sale;
        assert_eq!((sale.state, sale.attempts[0].state), (SaleState::Issued, AttemptState::Review));
        let sale = review(&mut stage, to, verdict).sale;
        assert_eq!((sale.state, sale.owed(), sale.in_doubt()), (SaleState::Issued, owed, None));
        let refunds: Vec<_> = sale.attempts[1..].iter().map(|attempt| attempt.amount).collect();
        assert_eq!(refunds.iter().sum::<i64>(), owed);
    };
    check(Verdict::Moved("pay_7".into()), 1_500);
    check(Verdict::NotMoved, 0);
}

/// A charge that its gateway does not pay back is a person's, and holds up no other: the rest goes
/// back by the gateway of the other one at once.
#[test]
fn what_a_person_sees_to_holds_up_no_other() {
    let (mut stage, _, to) = waiting();
    stage.answer(to, 1, approved());
    let (partner, request) = (None, wanted(RefundWhat::Whole));
    let refund = RefundSale { shard: OTHER, sale: to.id, partner, request, note: note() };
    assert_eq!(stage.club.till.run(&refund).unwrap().sale.attempts[1].amount, 1_500);
    let sale = stage.answer(to, 2, declined()).sale;
    let next = sale.attempts.last().unwrap();
    assert_eq!((sale.owed(), next.amount, next.state), (6_500, 5_000, AttemptState::Sent));
    let sale = stage.answer(to, 3, approved()).sale;
    assert_eq!((sale.state, sale.owed()), (SaleState::Returning, 1_500));
    finish(&mut stage);
    let sale = stage.ticket(to);
    assert_eq!((sale.state, sale.owed()), (SaleState::Returned, 0));
}

/// Pays the money of the one open task by hand and closes it.
fn finish(stage: &mut Stage) {
    let mut open = stage.club.till.all::<Task>().filter(|task| task.done.is_none());
    let task: TaskId = open.next().unwrap().id;
    assert!(open.next().is_none());
    drop(open);
    let done = FinishTask {
        shard: OTHER,
        task,
        partner: None,
        note: "paid by transfer".into(),
        by: "office".into(),
        paid_by_hand: true,
        is_admin: true,
        audit: note(),
    };
    stage.club.till.run(&done).unwrap();
}

/// Payments that persons took for two transfers are told apart: what goes back of one is not
/// counted against the other.
#[test]
fn payments_by_hand_are_told_apart() {
    let mut stage = Stage::new();
    let keys: Vec<String> = Vec::from_iter((0..2).map(|_| {
        let sale = stage.buy();
        let moved = stage.send(sale, DERBY, types(OTHER)[2], 1_500).unwrap();
        pay_by_hand(&mut stage, &moved);
        stage.ticket(moved.transfer.to).taken_by_hand[0].charge.key.clone()
    }));
    assert_ne!(keys[0], keys[1]);
}

/// A ticket with a refund in doubt stays where it is.
#[test]
fn a_ticket_in_doubt_does_not_move() {
    let mut stage = Stage::new();
    let sale = stage.buy();
    stage.club.refund(sale, wanted(RefundWhat::Amount(1_000))).unwrap();
    stage.club.till.pass(REVIEW_AFTER);
    stage.club.answer(sale, 2, unknown());
    let moved = stage.send(sale, DERBY, types(OTHER)[1], -500);
    assert_eq!(code(moved), Code::RefundPending);
}
