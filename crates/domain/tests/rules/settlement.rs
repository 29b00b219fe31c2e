//! Settlements of gateways beside what the till took: each row of the table in
//! `domain/src/settlement.rs`, and what it books.

use domain::audit::AuditNote;
use domain::facts::Halt;
use domain::ids::{SaleId, Shard, TaskId};
use domain::ledger::{Account, PostingKind};
use domain::money::{Currency, Money};
use domain::refusal::Code;
use domain::sale::refund::{LostDispute, RefundWhat};
use domain::settlement::{
    AcceptDifference, AskMissing, DifferenceKind, LineKind, LineOutcome, PlacedLine,
    RecordSettlement, SettleLines, SettlementDifference, SettlementFile, SettlementLine,
};
use domain::task::{TakeNotice, Task, TaskKind};

use crate::common::{Club, SHARD, approved, code, declined, note, resumable, unknown, wanted};

const GATEWAY: &str = "resumable";
const SALE: SaleId = SaleId(1);

fn clearing() -> Account {
    Account::GatewayClearing(GATEWAY.into())
}

fn line(identity: &str, kind: LineKind, amount: i64, fee: i64) -> SettlementLine {
    SettlementLine {
        identity: identity.into(),
        kind,
        amount,
        fee,
        currency: Currency::ISK,
        reference: "pay_1".into(),
        payout: Some("po_1".into()),
    }
}

fn charge(amount: i64, fee: i64) -> SettlementLine {
    line("txn_1", LineKind::Charge, amount, fee)
}

fn settle(club: &mut Club, line: SettlementLine, payment: Option<(SaleId, u8)>) -> LineOutcome {
    let shard = if payment.is_some() { SHARD } else { Shard::HOUSE };
    let (gateway, lines) = (GATEWAY.to_owned(), vec![PlacedLine { line, payment }]);
    club.till.run(&SettleLines { shard, gateway, lines }).unwrap()[0]
}

fn differs(outcome: LineOutcome) -> (DifferenceKind, TaskId) {
    match outcome {
        LineOutcome::Differs(kind, task) => (kind, task),
        other => panic!("no difference: {other:?}"),
    }
}

fn task(club: &Club, shard: Shard, id: TaskId) -> &Task {
    club.till.find::<Task>(Task::key_of(shard, id)).unwrap()
}

fn accept(club: &mut Club, line: &SettlementLine, note: AuditNote) -> Result<bool, Halt> {
    club.till.run(&AcceptDifference { shard: SHARD, hash: line.hash(GATEWAY), note })
}

/// A charge and its refund leave the gateway for the bank, the fee is an expense, and neither a
/// repeat of the line nor one beside other lines books anything twice.
#[test]
fn what_agrees_is_booked_once() {
    let mut club = Club::with_two_sold();
    let lines = || {
        let refund = line("txn_2", LineKind::Refund, 5_000, 10);
        vec![
            PlacedLine { line: charge(10_000, 150), payment: Some((SALE, 1)) },
            PlacedLine { line: refund, payment: Some((SALE, 2)) },
        ]
    };
    club.refund(SALE, wanted(RefundWhat::Admissions(vec![1]))).unwrap();
    club.answer(SALE, 2, approved());
    let changed_at = club.sale(SALE).changed_at;
    club.till.pass(domain::time::Span::hours(30));
    let command = SettleLines { shard: SHARD, gateway: GATEWAY.into(), lines: lines() };
    let outcomes = club.till.run(&command).unwrap();
    assert_eq!(outcomes, [LineOutcome::Settled, LineOutcome::Settled]);
    let again = club.till.run(&command).unwrap();
    assert_eq!(again, [LineOutcome::Repeated, LineOutcome::Repeated]);
    let expected = [
        vec![(Account::Bank, 9_850), (Account::GatewayFeeExpense, 150), (clearing(), -10_000)],
        vec![(Account::Bank, -5_010), (Account::GatewayFeeExpense, 10), (clearing(), 5_000)],
    ];
    assert_eq!(club.booked(PostingKind::Settled), expected);
    assert_eq!(club.till.balance(&clearing()), 0);
    assert_eq!(club.sale(SALE).unsettled().count(), 0);
    assert_eq!(club.sale(SALE).changed_at, changed_at, "a repeat of the order answers the same");
}

/// Each row of the table that asks a person: which difference, what the task says, that nothing is
/// booked, and that the same line asks nobody again.
#[test]
fn what_differs_is_asked_and_not_booked() {
    let check = |club: &mut Club, line: SettlementLine, payment, kind, says: &str| {
        let booked = club.till.postings.len();
        let (found, id) = differs(settle(club, line.clone(), payment));
        assert_eq!(found, kind, "{line:?}");
        let shard = if kind == DifferenceKind::UnknownPayment { Shard::HOUSE } else { SHARD };
        let task = task(club, shard, id);
        assert_eq!((task.kind, task.amount), (TaskKind::SettlementDifference, line.amount));
        assert!(task.text.contains(says), "{}", task.text);
        assert!(task.kind.is_for_admin());
        assert_eq!(club.till.postings.len(), booked);
        let again = settle(club, line, payment);
        assert_eq!(again, LineOutcome::StillDiffers(kind, id));
    };
    let paid = Some((SALE, 1));
    let euro = SettlementLine { currency: Currency::parse("EUR").unwrap(), ..charge(10_000, 0) };
    for (line, payment, kind, says) in [
        (charge(9_999, 0), paid, DifferenceKind::WrongAmount, "9999 ISK"),
        (charge(10_001, 0), paid, DifferenceKind::WrongAmount, "the till says 10000 ISK"),
        (euro, paid, DifferenceKind::WrongCurrency, "100.00 EUR"),
        (line("r", LineKind::Refund, 10_000, 0), paid, DifferenceKind::WrongKind, "other way"),
        (line("d", LineKind::Chargeback, 10_000, 0), paid, DifferenceKind::ChargedBack, "disput"),
        (charge(10_000, 0), None, DifferenceKind::UnknownPayment, "does not know"),
        (charge(10_000, 0), Some((SALE, 9)), DifferenceKind::UnknownPayment, "does not know"),
    ] {
        let mut club = Club::with_two_sold();
        if payment == Some((SALE, 9)) {
            // The seller is known, the attempt is not; the task lies with the house all the same.
            let (kind_found, id) = differs(settle(&mut club, line, payment));
            assert_eq!(kind_found, kind);
            assert!(task(&club, Shard::HOUSE, id).text.contains(says));
            continue;
        }
        check(&mut club, line, payment, kind, says);
    }
    for answer in [unknown(), declined()] {
        let mut club = Club::new();
        club.place_two(resumable());
        club.answer(SALE, 1, answer);
        check(&mut club, charge(10_000, 0), paid, DifferenceKind::NotTaken, "ticketOrder/review");
    }
    let mut club = Club::with_two_sold();
    assert_eq!(settle(&mut club, charge(10_000, 0), paid), LineOutcome::Settled);
    let other = line("txn_9", LineKind::Charge, 10_000, 0);
    check(&mut club, other, paid, DifferenceKind::Twice, "another line");
}

/// A payment through another gateway is not this gateway's, even if its number is named.
#[test]
fn gateways_are_kept_apart() {
    let mut club = Club::with_two_sold();
    let lines = vec![PlacedLine { line: charge(10_000, 0), payment: Some((SALE, 1)) }];
    let command = SettleLines { shard: SHARD, gateway: "other".into(), lines };
    let outcome = club.till.run(&command).unwrap()[0];
    assert_eq!(differs(outcome).0, DifferenceKind::UnknownPayment);
    assert_eq!(club.till.balance(&clearing()), 10_000);
}

/// What a gateway settled before the till knew of it is booked when the line comes again, and the
/// task closes by itself.
#[test]
fn a_difference_clears_by_itself() {
    let mut club = Club::new();
    club.place_two(resumable());
    club.answer(SALE, 1, unknown());
    let (_, id) = differs(settle(&mut club, charge(10_000, 0), Some((SALE, 1))));
    club.answer(SALE, 1, approved());
    assert_eq!(settle(&mut club, charge(10_000, 0), Some((SALE, 1))), LineOutcome::Settled);
    assert!(task(&club, SHARD, id).is_withdrawn());
    assert_eq!(club.till.balance(&clearing()), 0);
    let key = SettlementDifference::key_of(charge(10_000, 0).hash(GATEWAY));
    assert!(club.till.find::<SettlementDifference>(key).unwrap().cleared_at.is_some());
}

/// An accepted amount is booked, what is lacking is given up, and once is once. Nothing else can be
/// accepted.
#[test]
fn an_amount_can_be_accepted() {
    for (amount, given_up) in [(9_900, 100), (10_100, -100)] {
        let mut club = Club::with_two_sold();
        let line = charge(amount, 150);
        assert_eq!(code(accept(&mut club, &line, note())), Code::DifferenceNotFound);
        let (_, id) = differs(settle(&mut club, line.clone(), Some((SALE, 1))));
        assert!(!accept(&mut club, &line, note()).unwrap());
        assert!(accept(&mut club, &line, note()).unwrap(), "it was accepted before");
        let expected = vec![
            (Account::Bank, amount - 150),
            (Account::GatewayFeeExpense, 150),
            (Account::Goodwill, given_up),
            (clearing(), -10_000),
        ];
        assert_eq!(club.booked(PostingKind::Settled), [expected]);
        assert!(task(&club, SHARD, id).is_withdrawn());
        assert_eq!(settle(&mut club, line, Some((SALE, 1))), LineOutcome::Repeated);
    }
    let mut club = Club::with_two_sold();
    let dispute = line("d", LineKind::Chargeback, 10_000, 0);
    settle(&mut club, dispute.clone(), Some((SALE, 1)));
    assert_eq!(code(accept(&mut club, &dispute, note())), Code::DifferenceNotAcceptable);
    let wrong = charge(9_000, 0);
    settle(&mut club, wrong.clone(), Some((SALE, 1)));
    settle(&mut club, line("txn_2", LineKind::Charge, 10_000, 0), Some((SALE, 1)));
    assert_eq!(code(accept(&mut club, &wrong, note())), Code::DifferenceNotAcceptable);
    assert_eq!(club.booked(PostingKind::Settled).len(), 1);
}

/// A dispute of 4 000 that is told to be lost by the message of that number.
fn lose(club: &mut Club, message: u128) {
    let (gateway, key) = (GATEWAY.to_owned(), club.sale(SALE).attempts[0].key.clone());
    let (name, money) = ("dp_1".to_owned(), Money::new(4_000, Currency::ISK));
    let lost = Some(LostDispute { name, charge: key.clone(), money });
    let (shard, sale, ask) = (SHARD, SALE, None);
    club.till.run(&TakeNotice { shard, sale, key, gateway, message, ask, lost }).unwrap();
}

/// A lost dispute is the seller's loss and the gateway's claim, once however often it is told; its
/// own line settles it, once, and money that came back is for a person.
#[test]
fn a_lost_dispute_is_booked_and_settled_once() {
    let mut club = Club::with_two_sold();
    let before = line("d", LineKind::Chargeback, 4_000, 0);
    assert_eq!(differs(settle(&mut club, before, Some((SALE, 1)))).0, DifferenceKind::ChargedBack);
    lose(&mut club, 1);
    lose(&mut club, 1);
    lose(&mut club, 2);
    assert_eq!(club.till.balance(&clearing()), 6_000);
    assert_eq!(club.till.balance(&Account::RefundPayable(SALE)), 0);
    assert_eq!(club.booked(PostingKind::RefundOrdered).len(), 1);
    let sale = club.sale(SALE);
    assert!(sale.is_disputed() && sale.is_good(1), "the tickets stay good");
    assert_eq!((sale.paid(), sale.owed()), (6_000, 0));
    let back = line("b", LineKind::ChargebackReversal, 4_000, 0);
    assert_eq!(differs(settle(&mut club, back, Some((SALE, 2)))).0, DifferenceKind::ChargedBack);
    let taken = line("t", LineKind::Chargeback, 4_000, 1_500);
    assert_eq!(settle(&mut club, taken.clone(), Some((SALE, 2))), LineOutcome::Settled);
    assert_eq!(settle(&mut club, taken, Some((SALE, 2))), LineOutcome::Repeated);
    assert_eq!(club.till.balance(&Account::Bank), -5_500);
    assert_eq!(club.till.balance(&clearing()), 10_000);
}

/// A payment that the gateway keeps to itself is asked about once, and no more when it is settled.
#[test]
fn missing_payments_are_asked_about_once() {
    let mut club = Club::with_two_sold();
    let ask = AskMissing { shard: SHARD, payments: vec![(SALE, 1), (SALE, 2), (SaleId(7), 1)] };
    let tasks = club.till.run(&ask).unwrap();
    assert_eq!(tasks.len(), 1, "what did not move is not missed");
    assert!(task(&club, SHARD, tasks[0]).text.contains("10000 ISK"));
    assert_eq!(club.till.run(&ask).unwrap(), []);
    assert_eq!(settle(&mut club, charge(10_000, 0), Some((SALE, 1))), LineOutcome::Settled);
    assert!(task(&club, SHARD, tasks[0]).is_withdrawn());
    assert_eq!(club.till.run(&ask).unwrap(), []);
}

/// A file is written down once, with the time at which it was.
#[test]
fn a_file_is_written_down_once() {
    let mut club = Club::new();
    let file = SettlementFile {
        hash: 5,
        gateway: GATEWAY.into(),
        format: "plain".into(),
        name: "monday.csv".into(),
        at: domain::time::Timestamp::default(),
        by: "office".into(),
        settled: 1,
        repeated: 0,
        differences: 0,
        others: 0,
        sums: Vec::new(),
    };
    let first = club.till.run(&RecordSettlement { file: file.clone(), note: note() }).unwrap();
    assert!(!first.repeated && first.file.at == club.till.now);
    let other = SettlementFile { settled: 9, ..file };
    let second = club.till.run(&RecordSettlement { file: other, note: note() }).unwrap();
    assert!(second.repeated && second.file.settled == 1);
    let records = club.till.all::<domain::audit::AuditRecord>().count();
    assert_eq!(records, 1, "what changes nothing is not told");
}

/// A payment in doubt when its line came, and known to be charged another amount later: the same
/// line is then told as another amount, in the task too, and can be accepted.
#[test]
fn a_difference_is_judged_anew() {
    let mut club = Club::new();
    club.place_two(resumable());
    club.answer(SALE, 1, unknown());
    let (line, paid) = (charge(9_999, 0), Some((SALE, 1)));
    let (kind, id) = differs(settle(&mut club, line.clone(), paid));
    assert_eq!(kind, DifferenceKind::NotTaken);
    club.answer(SALE, 1, approved());
    let again = settle(&mut club, line.clone(), paid);
    assert_eq!(again, LineOutcome::StillDiffers(DifferenceKind::WrongAmount, id));
    assert!(task(&club, SHARD, id).text.contains("the till says 10000 ISK"));
    assert!(!accept(&mut club, &line, note()).unwrap());
    assert!(task(&club, SHARD, id).done.is_some());
}
