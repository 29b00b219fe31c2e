//! Payments of a difference that are declined, partial, late, double, or never known.

use domain::attempt::{CallResult, DeclineReason, GatewayTerms, PushTerms, Verb};
use domain::catalogue::Event;
use domain::facts::{Halt, Key};
use domain::record::Kind;
use domain::refusal::Code;
use domain::sale::refund::{CancelSale, RefundSale, RefundWhat};
use domain::sale::{Sale, SaleState};
use domain::task::{Task, TaskKind};
use domain::time::Span;
use domain::transfer::{Moved, TransferState, cancel_on_use};

use super::stage::{DERBY, OTHER, Stage, gateway, types};
use crate::common::{SHARD, approved, code, not_executed, note, partly, unknown, wanted};

/// A ticket that waits for 1 500.
fn waiting() -> (Stage, Moved) {
    let mut stage = Stage::new();
    let sale = stage.buy();
    let moved = stage.send(sale, DERBY, types(OTHER)[2], 1_500).unwrap();
    (stage, moved)
}

fn declined() -> CallResult {
    CallResult::Declined(DeclineReason::Soft)
}

fn state(stage: &Stage, moved: &Moved) -> (TransferState, SaleState, SaleState) {
    let transfer = stage.transfer(&moved.transfer);
    (transfer.state, stage.ticket(transfer.from).state, stage.ticket(transfer.to).state)
}

/// A decline keeps the session; the next card completes it.
#[test]
fn a_decline_keeps_the_session() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    for attempt in 1..=3 {
        stage.pay(&moved.transfer, gateway()).unwrap();
        let sale = stage.answer(to, attempt, declined()).sale;
        let expected = (SaleState::AwaitingPayment, Some(Code::PaymentDeclined));
        assert_eq!((sale.state, sale.failure), expected);
    }
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 4, approved());
    let expected = (TransferState::Completed, SaleState::Transferred, SaleState::Issued);
    assert_eq!(state(&stage, &moved), expected);
}

/// Only so many tries are made, and one at a time.
#[test]
fn tries_are_limited() {
    let (mut stage, moved) = waiting();
    for attempt in 1..=10 {
        let placed = stage.pay(&moved.transfer, gateway()).unwrap();
        assert!(!placed.repeated);
        assert!(stage.pay(&moved.transfer, gateway()).unwrap().repeated, "one at a time");
        stage.answer(moved.transfer.to, attempt, declined());
    }
    assert_eq!(code(stage.pay(&moved.transfer, gateway())), Code::TooManyRequests);
}

/// A part of the difference goes back, and the session stays.
#[test]
fn a_part_goes_back() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.pay(&moved.transfer, gateway()).unwrap();
    let sale = stage.answer(to, 1, partly(500)).sale;
    assert_eq!((sale.state, sale.owed_back), (SaleState::AwaitingPayment, 500));
    assert_eq!(sale.attempts[1].verb, Verb::Refund);
    stage.answer(to, 2, approved());
    stage.pay(&moved.transfer, gateway()).unwrap();
    let sale = stage.answer(to, 3, approved()).sale;
    assert_eq!((sale.state, sale.paid(), sale.owed_back), (SaleState::Issued, 6_500, 0));
}

/// After its time a session ends; a payment that comes all the same refunds itself, in every order.
#[test]
fn a_late_payment_refunds_itself() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 1, unknown());
    stage.club.till.pass(Span::hours(24));
    let ended = stage.look(&moved.transfer);
    assert_eq!((ended.state, ended.due()), (TransferState::Expired, None));
    let expected = (TransferState::Expired, SaleState::Issued, SaleState::Expired);
    assert_eq!(state(&stage, &moved), expected);
    assert_eq!(stage.ticket(moved.transfer.from).locked_by, None);
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!((sale.state, sale.owed()), (SaleState::Returning, 1_500));
    let sale = stage.answer(to, 2, approved()).sale;
    assert_eq!((sale.state, sale.paid()), (SaleState::Returned, 0));
    assert_eq!(stage.ticket(moved.transfer.from).state, SaleState::Issued);
}

/// A payment whose answer may still come holds the end back, and then decides.
#[test]
fn a_payment_under_way_decides() {
    for result in [approved(), declined(), not_executed()] {
        let (mut stage, moved) = waiting();
        stage.club.till.pass(Span::hours(24));
        stage.club.till.now = stage.club.till.now.before(Span::seconds(1));
        stage.pay(&moved.transfer, gateway()).unwrap();
        stage.club.till.pass(Span::seconds(2));
        let held = stage.look(&moved.transfer);
        assert_eq!(held.state, TransferState::AwaitingTopup);
        assert!(held.due().unwrap() > stage.club.till.now, "it is not looked at all the time");
        stage.answer(moved.transfer.to, 1, result.clone());
        let expected = match result {
            CallResult::Approved(_) => {
                (TransferState::Completed, SaleState::Transferred, SaleState::Issued)
            }
            _ => (TransferState::Expired, SaleState::Issued, SaleState::Expired),
        };
        assert_eq!(state(&stage, &moved), expected, "{result:?}");
    }
}

/// Two payments that both come through: one completes, the other goes back to its payer.
#[test]
fn a_second_payment_goes_back() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 1, declined());
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 2, approved());
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!((sale.state, sale.owed_back), (SaleState::Issued, 1_500));
    let refund = sale.attempts.last().unwrap();
    assert_eq!(refund.of.as_ref().unwrap().key, sale.attempts[0].key, "to whom it came from");
    let sale = stage.answer(to, 3, approved()).sale;
    assert_eq!((sale.state, sale.paid(), sale.owed_back), (SaleState::Issued, 6_500, 0));
}

/// A charge that comes late to a ticket that is over goes back alone: the price was settled before,
/// and the club keeps what it kept.
#[test]
fn a_late_charge_of_a_cancelled_ticket_goes_back_alone() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 1, unknown());
    stage.note(&moved.transfer).unwrap();
    let cancel = CancelSale { shard: OTHER, sale: to.id, partner: None, note: note() };
    stage.club.till.run(&cancel).unwrap();
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!((sale.state, sale.owed()), (SaleState::Cancelled, 1_500));
    let sale = stage.answer(to, 2, approved()).sale;
    assert_eq!((sale.state, sale.owed(), sale.paid()), (SaleState::Cancelled, 0, 6_500));
}

/// The same after everything was paid back.
#[test]
fn a_late_charge_of_a_refunded_ticket_goes_back() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 1, declined());
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 2, approved());
    let (request, note) = (wanted(RefundWhat::Whole), note());
    let refund = RefundSale { shard: OTHER, sale: to.id, partner: None, request, note };
    stage.club.till.run(&refund).unwrap();
    stage.answer(to, 3, approved());
    let sale = stage.answer(to, 4, approved()).sale;
    assert_eq!((sale.state, sale.paid()), (SaleState::Returned, 0));
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!((sale.state, sale.owed()), (SaleState::Returning, 1_500));
    let sale = stage.answer(to, 5, approved()).sale;
    assert_eq!((sale.state, sale.paid(), sale.owed_back), (SaleState::Returned, 0, 0));
}

/// Two charges that both come after the end of the session go back one after the other.
#[test]
fn two_late_charges_go_back_in_turn() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    for attempt in 1..=2 {
        stage.pay(&moved.transfer, gateway()).unwrap();
        stage.answer(to, attempt, declined());
    }
    stage.club.till.pass(Span::hours(24));
    stage.look(&moved.transfer);
    stage.answer(to, 1, approved());
    let sale = stage.answer(to, 2, approved()).sale;
    assert_eq!((sale.state, sale.owed(), sale.attempts.len()), (SaleState::Returning, 3_000, 3));
    let sale = stage.answer(to, 3, approved()).sale;
    assert_eq!((sale.state, sale.owed(), sale.attempts.len()), (SaleState::Returning, 1_500, 4));
    let sale = stage.answer(to, 4, approved()).sale;
    assert_eq!((sale.state, sale.paid()), (SaleState::Returned, 0));
}

/// Nobody pays for an event that will not be: neither a card nor a person's word counts any more.
#[test]
fn a_cancelled_event_takes_no_payment() {
    let (mut stage, moved) = waiting();
    let key = Key::number(OTHER, Kind::Event, DERBY.0);
    let derby = stage.club.till.find::<Event>(key).unwrap().clone();
    stage.club.change_by_hand(&derby, |event| event.rules.cancelled = true);
    let before = stage.club.till.records.clone();
    assert_eq!(code(stage.pay(&moved.transfer, gateway())), Code::SessionExpired);
    assert_eq!(code(stage.note(&moved.transfer)), Code::SessionExpired);
    assert_eq!(stage.club.till.records, before);
}

/// Whoever looks at a session towards a cancelled event ends it, so that the old ticket is free
/// again; but not while the answer of a gateway is awaited, which may bring money to give back.
#[test]
fn a_cancelled_event_ends_the_session() {
    for is_paying in [false, true] {
        let (mut stage, moved) = waiting();
        if is_paying {
            stage.pay(&moved.transfer, gateway()).unwrap();
        }
        let key = Key::number(OTHER, Kind::Event, DERBY.0);
        let derby = stage.club.till.find::<Event>(key).unwrap().clone();
        stage.look(&moved.transfer);
        assert_eq!(state(&stage, &moved).0, TransferState::AwaitingTopup, "it takes place");
        stage.club.change_by_hand(&derby, |event| event.rules.cancelled = true);
        stage.look(&moved.transfer);
        if is_paying {
            assert_eq!(state(&stage, &moved).0, TransferState::AwaitingTopup, "an answer awaited");
            stage.answer(moved.transfer.to, 1, approved());
            assert_eq!(stage.ticket(moved.transfer.to).owed(), 1_500, "and goes back");
        } else {
            assert_eq!(state(&stage, &moved).2, SaleState::Expired);
        }
        let (session, old, _) = state(&stage, &moved);
        assert_eq!((session, old), (TransferState::Cancelled, SaleState::Issued));
        assert_eq!(stage.ticket(moved.transfer.from).locked_by, None);
    }
}

/// What a gate does when it lets a locked ticket in.
struct Enter(domain::transfer::SaleAddress);

impl domain::facts::Command for Enter {
    type Outcome = ();

    fn shards(&self) -> domain::facts::Shards {
        domain::facts::Shards::Two(SHARD, OTHER)
    }

    fn keys(&self, _: domain::time::Timestamp, _: &mut Vec<domain::facts::Key>) {}

    fn decide(
        &self,
        facts: &mut domain::facts::Facts<'_>,
        now: domain::time::Timestamp,
    ) -> Result<(), Halt> {
        let key = Sale::key_of(self.0.shard, self.0.id);
        let mut sale = Sale::clone(&*facts.share::<Sale>(key)?.unwrap());
        let transfer = sale.locked_by.take().unwrap();
        let (gate, device, told_at) = ("north".into(), None, None);
        let scan =
            domain::sale::Scan { admission: 1, at: now, gate, device, told_at, is_invalid: false };
        sale.scans.push(scan);
        cancel_on_use(facts, transfer, now)?;
        facts.put(sale);
        Ok(())
    }
}

/// A ticket that was used at the gate stays where it is: the session is over, and money that comes
/// goes back.
#[test]
fn a_used_ticket_stays() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.club.till.run(&Enter(moved.transfer.from)).unwrap();
    let expected = (TransferState::Cancelled, SaleState::Issued, SaleState::Expired);
    assert_eq!(state(&stage, &moved), expected);
    assert_eq!(code(stage.pay(&moved.transfer, gateway())), Code::SessionExpired);
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!(sale.state, SaleState::Returning);
    let sale = stage.answer(to, 2, approved()).sale;
    assert_eq!(sale.state, SaleState::Returned);
}

/// A payment by phone that comes beside another one goes back to whoever paid by phone: a person
/// is asked, and the card that paid rightly is left alone.
#[test]
fn a_late_phone_payment_goes_back_to_the_phone() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    let phone = GatewayTerms { push: Some(PushTerms::default()), ..gateway() };
    stage.pay(&moved.transfer, phone).unwrap();
    stage.answer(to, 1, declined());
    stage.pay(&moved.transfer, gateway()).unwrap();
    stage.answer(to, 2, approved());
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!((sale.state, sale.owed(), sale.attempts.len()), (SaleState::Issued, 1_500, 2));
    let tasks: Vec<_> = stage.club.till.all::<Task>().map(|it| (it.kind, it.amount)).collect();
    assert_eq!(tasks, [(TaskKind::ManualRefund, 1_500)]);
}
