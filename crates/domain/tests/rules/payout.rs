//! Payouts: what is payable, less what is owed back, in every sign (`payments.md` §7.2).

use domain::books::{EventBook, OwnerBook};
use domain::ids::{PayoutId, TaskId};
use domain::ledger::{Account, PostingKind};
use domain::payout::{CorrectPayout, CreatePayout, PayoutFor};
use domain::record::Aggregate;
use domain::refusal::Code;
use domain::task::{Task, TaskKind};

use crate::common::{Club, EVENT, SHARD, code, note};

/// A club that is owed `payable` for its event and owes `debt`.
fn club_with(payable: i64, debt: i64) -> Club {
    let mut club = Club::new();
    let event = EventBook { shard: SHARD, event: EVENT, payable, ..EventBook::default() };
    let mut owner = OwnerBook { shard: SHARD, ..OwnerBook::default() };
    owner.receivable.insert("ISK".into(), debt);
    owner.cards.insert("ISK".into(), 900);
    club.till.records.insert(event.key(), EventBook::into_record(event.into()));
    club.till.records.insert(owner.key(), OwnerBook::into_record(owner.into()));
    club
}

/// Debt is netted as far as the sum goes; a claim is paid with it; an event for which less than
/// nothing is payable adds to the debt.
#[test]
fn debts_are_netted() {
    let check = |payable: i64, debt: i64, netted: i64, left: i64| {
        let mut club = club_with(payable, debt);
        let payout = club.pay_out().payout;
        let paid = payable - netted;
        assert_eq!((payout.payable, payout.netted, payout.paid), (payable, netted, paid));
        assert!(payout.paid >= 0, "nobody is asked to pay in");
        let book = club.till.find::<OwnerBook>(OwnerBook::key_of(SHARD)).unwrap();
        assert_eq!(book.receivable.get("ISK"), Some(&left), "{payable} {debt}");
        let legs = [
            (Account::OwnerPayable(EVENT), payable),
            (Account::OwnerReceivable, -netted),
            (Account::Bank, -paid),
        ];
        let expected: Vec<_> = legs.into_iter().filter(|(_, amount)| *amount != 0).collect();
        assert_eq!(club.booked(PostingKind::PaidOut).concat(), expected);
        let again = club.pay_out();
        assert!(again.repeated && again.payout == payout);
        assert_eq!(club.till.all::<domain::payout::Payout>().count(), 1);
    };
    check(4_750, 0, 0, 0);
    check(9_500, 4_750, 4_750, 0);
    check(3_000, 4_750, 3_000, 1_750);
    check(3_000, -500, -500, 0);
    check(-300, 0, -300, 300);
    check(-300, 200, -300, 500);
    check(-300, -500, -500, 0);
    check(-500, -300, -500, 200);
}

/// An event that is owed nothing is not closed by a payout, whatever else its organiser has to get
/// or owes: what is sold for it later is payable.
#[test]
fn an_event_that_is_owed_nothing_stays_open() {
    for debt in [0, 500, -500] {
        let mut club = club_with(0, debt);
        assert_eq!(code(club.till.run(&Club::payout())), Code::NothingToPayOut, "{debt}");
        assert!(club.booked(PostingKind::PaidOut).is_empty());
        let book = club.till.find::<EventBook>(EventBook::key_of(SHARD, EVENT)).unwrap();
        assert_eq!(book.paid_out, None);
    }
}

/// What is sold after a payout is paid by a further payout of the same event, once.
#[test]
fn claims_are_paid_by_a_further_payout() {
    let mut club = club_with(3_000, 0);
    let first = club.pay_out().payout;
    let claim = |club: &mut Club, debt: i64| {
        let key = OwnerBook::key_of(SHARD);
        let mut owner = (*club.till.find::<OwnerBook>(key).unwrap()).clone();
        owner.receivable.insert("ISK".into(), debt);
        club.till.records.insert(key, OwnerBook::into_record(owner.into()));
    };
    claim(&mut club, 700);
    assert!(club.pay_out().repeated, "a debt is no claim");
    claim(&mut club, -700);
    let second = club.pay_out();
    let payout = second.payout;
    assert!(!second.repeated && payout.id != first.id);
    assert_eq!((payout.payable, payout.netted, payout.paid), (0, -700, 700));
    let expected = vec![(Account::OwnerReceivable, 700), (Account::Bank, -700)];
    assert_eq!(club.booked(PostingKind::PaidOut).last(), Some(&expected));
    let again = club.pay_out();
    assert!(again.repeated && again.payout == payout);
    let book = club.till.find::<EventBook>(EventBook::key_of(SHARD, EVENT)).unwrap();
    assert_eq!(book.paid_out.unwrap().at, first.at);
}

/// Season cards are paid out as often as something is owed for them.
#[test]
fn cards_are_paid_out_again_and_again() {
    let mut club = club_with(0, 100);
    let command = CreatePayout { what: PayoutFor::Cards, ..Club::payout() };
    let payout = club.till.run(&command).unwrap().payout;
    assert_eq!((payout.payable, payout.netted, payout.paid), (900, 100, 800));
    assert_eq!(payout.event.0, 0);
    assert_eq!(code(club.till.run(&command)), Code::NothingToPayOut);
    let passes = CreatePayout { what: PayoutFor::Passes, ..command.clone() };
    assert_eq!(code(club.till.run(&passes)), Code::NothingToPayOut);
    let unknown =
        CreatePayout { what: PayoutFor::Event, event: domain::ids::EventId(99), ..command };
    assert_eq!(code(club.till.run(&unknown)), Code::EventNotFound);
}

/// A payout that went wrong becomes a task; one that there is not does not.
#[test]
fn a_wrong_payout_becomes_a_task() {
    let mut club = club_with(4_750, 0);
    let correct = |club: &mut Club, payout: PayoutId| {
        let text = "sent to the old account".to_owned();
        club.till.run(&CorrectPayout { shard: SHARD, payout, text, note: note() })
    };
    assert_eq!(code(correct(&mut club, PayoutId(1))), Code::PayoutNotFound);
    let payout = club.pay_out().payout.id;
    assert_eq!(correct(&mut club, payout), Ok(TaskId(1)));
    let task = club.till.find::<Task>(Task::key_of(SHARD, TaskId(1))).unwrap();
    assert_eq!((task.kind, task.amount), (TaskKind::PayoutCorrection, 4_750));
}
