//! A difference that was paid elsewhere: whose word counts, when, and what it does.

use domain::attempt::CallResult;
use domain::facts::Halt;
use domain::ledger::Account;
use domain::refusal::Code;
use domain::sale::SaleState;
use domain::sale::refund::{RefundSale, RefundWhat};
use domain::task::{Task, TaskKind};
use domain::time::Span;
use domain::token::Secret;
use domain::transfer::{Moved, NoteTopup, TransferState};

use super::stage::{DERBY, OTHER, REMATCH, Stage, gateway, types};
use crate::common::{SHARD, approved, code, declined, note, unknown, wanted};

/// A ticket that waits for 1 500, between two clubs.
fn waiting() -> (Stage, Moved) {
    let mut stage = Stage::new();
    let sale = stage.buy();
    let moved = stage.send(sale, DERBY, types(OTHER)[2], 1_500).unwrap();
    (stage, moved)
}

/// An Admin's word moves the ticket, and the money is booked as the bank's.
#[test]
fn an_admins_word_moves_the_ticket() {
    let (mut stage, moved) = waiting();
    let since = stage.club.till.postings.len();
    let transfer = stage.note(&moved.transfer).unwrap();
    assert_eq!((transfer.state, transfer.references.len()), (TransferState::Completed, 1));
    assert_eq!(transfer.references[0].by, "an Admin");
    let new = stage.ticket(transfer.to);
    assert_eq!((new.state, new.paid(), new.owed_back), (SaleState::Issued, 6_500, 0));
    assert_eq!(stage.ticket(transfer.from).state, SaleState::Transferred);
    assert_eq!(stage.booked(since, OTHER, &Account::Bank), 1_500);
    assert_eq!(stage.booked(since, SHARD, &Account::Bank), 0);
}

/// The same word again changes nothing; another word comes too late.
#[test]
fn a_word_counts_once() {
    let (mut stage, moved) = waiting();
    stage.note(&moved.transfer).unwrap();
    let (records, postings) = (stage.club.till.records.clone(), stage.club.till.postings.len());
    assert_eq!(stage.note(&moved.transfer).unwrap().state, TransferState::Completed);
    let word = stage.word(&moved.transfer);
    let wrong = NoteTopup { amount: 1_000, ..word.clone() };
    assert_eq!(code(stage.club.till.run(&wrong)), Code::AmountMismatch);
    let other = NoteTopup { reference: "bank 2".into(), ..word };
    assert_eq!(code(stage.club.till.run(&other)), Code::SessionCompleted);
    assert_eq!(stage.club.till.records, records);
    assert_eq!(stage.club.till.postings.len(), postings);
}

/// One payment moves one ticket of a seller; another seller may have one of the same name.
#[test]
fn a_reference_counts_once_for_a_seller() {
    let (mut stage, first) = waiting();
    stage.note(&first.transfer).unwrap();
    let sale = stage.buy();
    let second = stage.send(sale, DERBY, types(OTHER)[2], 1_500).unwrap();
    assert_eq!(code(stage.note(&second.transfer)), Code::DuplicateOrderId);
    let sale = stage.buy();
    let own = stage.send(sale, REMATCH, types(SHARD)[2], 1_500).unwrap();
    assert_eq!(stage.note(&own.transfer).unwrap().state, TransferState::Completed);
}

/// What a test does to a session and to the word about it.
type Spoil = fn(&mut Stage, &Moved, &mut NoteTopup);

/// Every refusal, and that nothing changes.
#[test]
fn words_that_do_not_count() {
    let check = |spoil: Spoil, expected: Code| {
        let (mut stage, moved) = waiting();
        let mut word = stage.word(&moved.transfer);
        spoil(&mut stage, &moved, &mut word);
        let before = stage.club.till.records.clone();
        assert_eq!(code(stage.club.till.run(&word)), expected);
        assert_eq!(stage.club.till.records, before, "{expected:?}");
    };
    check(|_, _, word| word.is_trusted = false, Code::Forbidden);
    check(|_, _, word| word.amount = 1_499, Code::AmountMismatch);
    check(|_, _, word| word.session = Secret([8; 16]), Code::SessionNotFound);
    check(|_, _, word| word.transfer.id.0 += 1, Code::SessionNotFound);
    let over: Spoil = |stage, _, _| stage.club.till.pass(Span::hours(24));
    check(over, Code::SessionExpired);
    let under_way: Spoil = |stage, moved, _| drop(stage.pay(&moved.transfer, gateway()).unwrap());
    check(under_way, Code::PaymentPending);
    // Its own payments this till knows better than anybody.
    let asked: Spoil = |stage, moved, word| {
        stage.pay(&moved.transfer, gateway()).unwrap();
        word.reference = stage.ticket(moved.transfer.to).attempts[0].key.clone();
    };
    check(asked, Code::PaymentPending);
    let refused: Spoil = |stage, moved, word| {
        stage.pay(&moved.transfer, gateway()).unwrap();
        let sale = stage.answer(moved.transfer.to, 1, declined()).sale;
        word.reference = sale.attempts[0].key.clone();
    };
    check(refused, Code::PaymentDeclined);
}

/// A club whose card the ticket was not paid with is not believed to have a part in it.
#[test]
fn a_wrong_third_club_is_stale() {
    let (mut stage, moved) = waiting();
    let wrong = NoteTopup { card_seller: Some(SHARD), ..stage.word(&moved.transfer) };
    assert!(matches!(stage.club.till.run(&wrong), Err(Halt::Stale)));
}

/// A payment of which nobody knows does not stop an Admin; if it comes after all, it goes back.
#[test]
fn an_unknown_payment_is_no_obstacle() {
    let unknowns: [CallResult; 1] = [unknown()];
    for result in unknowns {
        let (mut stage, moved) = waiting();
        let to = moved.transfer.to;
        stage.pay(&moved.transfer, gateway()).unwrap();
        stage.answer(to, 1, result);
        stage.note(&moved.transfer).unwrap();
        let sale = stage.answer(to, 1, approved()).sale;
        assert_eq!((sale.state, sale.owed_back), (SaleState::Issued, 1_500));
        let sale = stage.answer(to, 2, approved()).sale;
        assert_eq!((sale.paid(), sale.owed_back), (6_500, 0));
    }
}

/// What a person took, a person gives back; the rest goes by the gateway.
#[test]
fn money_taken_by_hand_goes_back_by_hand() {
    let (mut stage, moved) = waiting();
    let to = moved.transfer.to;
    stage.note(&moved.transfer).unwrap();
    let (request, note) = (wanted(RefundWhat::Whole), note());
    let refund = RefundSale { shard: OTHER, sale: to.id, partner: None, request, note };
    let refunded = stage.club.till.run(&refund).unwrap().sale;
    assert_eq!((refunded.attempts[0].amount, refunded.owed()), (5_000, 6_500));
    let sale = stage.answer(to, 1, approved()).sale;
    assert_eq!((sale.state, sale.owed()), (SaleState::Returning, 1_500));
    let tasks: Vec<_> = stage.club.till.all::<Task>().map(|it| (it.kind, it.amount)).collect();
    assert_eq!(tasks, [(TaskKind::ManualRefund, 1_500)]);
}
