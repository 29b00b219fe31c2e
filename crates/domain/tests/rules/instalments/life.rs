//! What becomes of payments and contracts, row by row of the tables of `domain::club`.

use domain::attempt::DeclineReason;
use domain::club::contract::{ContractState, InstalmentState};
use domain::club::end::CancelContract;
use domain::club::freeze::{FreezeContract, UnfreezeContract};
use domain::club::pay_now::{PayInstalment, WriteOffInstalment};
use domain::effect::{Effect, MailContent};
use domain::ids::ContractId;
use domain::ledger::Account;
use domain::refusal::Code;
use domain::task::{Task, TaskKind};

use super::desk::{Desk, day};
use crate::common::{SHARD, code, note};
use crate::split::model::Mood;

const SOFT: Mood = Mood::Decline(DeclineReason::Soft);
const HARD: Mood = Mood::Decline(DeclineReason::HardAccount);

fn begun() -> (Desk, ContractId) {
    let mut desk = Desk::new(false);
    let contract = desk.sell("2027-01-31", "2027-01-31");
    (desk, contract)
}

/// Proves that a soft decline is tried again on day 3, 7 and 14, then people are asked once, the
/// member is written to, and a new card brings another try by itself.
#[test]
fn soft_declines_are_tried_on_their_days() {
    let (mut desk, contract) = begun();
    for (today, next) in [
        ("2027-01-31", Some("2027-02-03")),
        ("2027-02-03", Some("2027-02-07")),
        ("2027-02-07", Some("2027-02-14")),
        ("2027-02-14", None),
    ] {
        desk.on(today);
        assert!(desk.charge(contract, SOFT), "{today}");
        assert!(!desk.charge(contract, Mood::Answer), "{today}: once a day");
        let instalment = desk.instalment(contract, 1);
        assert_eq!(instalment.state, InstalmentState::PastDue, "{today}");
        assert_eq!(instalment.retry_on, next.map(day), "{today}");
    }
    let open = |desk: &Desk| {
        let tasks = desk.till.all::<Task>();
        tasks.filter(|it| it.kind == TaskKind::InstalmentUnpaid && it.done.is_none()).count()
    };
    assert_eq!(open(&desk), 1);
    let is_letter = |effect: &Effect| {
        matches!(effect, Effect::Mail { content: MailContent::InstalmentUnpaid { .. }, .. })
    };
    assert_eq!(desk.till.owed.iter().filter(|owed| is_letter(&owed.effect)).count(), 1);
    desk.on("2027-02-20");
    assert!(!desk.charge(contract, Mood::Answer));
    desk.bring_card();
    assert!(desk.charge(contract, Mood::Answer));
    assert_eq!(desk.instalment(contract, 1).state, InstalmentState::Paid);
    assert_eq!(open(&desk), 0);
}

/// Proves that a card that is of no use any more is not tried again, and that another payment that
/// falls due meanwhile finds no card either and asks people, too.
#[test]
fn a_hard_decline_stops() {
    let (mut desk, contract) = begun();
    assert!(desk.charge(contract, HARD));
    let instalment = desk.instalment(contract, 1);
    assert_eq!((instalment.state, instalment.retry_on), (InstalmentState::PastDue, None));
    desk.on("2027-02-28");
    assert!(!desk.charge(contract, Mood::Answer));
    let instalment = desk.instalment(contract, 2);
    assert_eq!(instalment.state, InstalmentState::PastDue);
    assert_eq!(instalment.failure, Some(Code::PreferredMethodMissing));
    desk.bring_card();
    assert!(desk.charge(contract, Mood::Answer), "the oldest first");
    assert!(!desk.charge(contract, Mood::Answer), "the next on the next day");
    desk.on("2027-03-01");
    assert!(desk.charge(contract, Mood::Answer), "then the next");
    assert_eq!(desk.paid().len(), 2);
}

/// Proves that a try in doubt is waited for, however many days pass, and that a clock that goes
/// back begins nothing.
#[test]
fn a_try_in_doubt_is_waited_for() {
    let (mut desk, contract) = begun();
    assert!(desk.charge(contract, Mood::Dropped));
    for today in ["2027-02-03", "2027-03-31", "2026-12-01", "2028-01-01"] {
        desk.on(today);
        assert!(desk.look(contract).is_none(), "{today}");
    }
    assert_eq!(desk.instalment(contract, 1).state, InstalmentState::Due);
    assert_eq!(desk.gateway.asked(), Vec::<i64>::new());
}

/// Proves that a till that was off for months charges each payment once, the oldest first, and on
/// each day one of them.
#[test]
fn what_was_missed_is_charged_once() {
    let (mut desk, contract) = begun();
    for (today, number) in (0..).map(|days| day("2027-06-01").plus_days(days)).zip(1..=5) {
        desk.on(&today.to_string());
        assert!(desk.charge(contract, Mood::Answer), "{today}");
        assert!(!desk.charge(contract, Mood::Answer), "{today}: one a day");
        assert_eq!(desk.instalment(contract, number).state, InstalmentState::Paid, "{today}");
    }
    assert_eq!(desk.paid().len(), 5, "31 January to 31 May");
    desk.on("2027-05-01");
    assert!(!desk.charge(contract, Mood::Answer), "a clock that went back");
}

/// Proves that what is paid on a contract that has not begun is deferred, and its chain's on its
/// first day, once; and that a contract is completed when its last period is over.
#[test]
fn a_contract_begins_and_ends() {
    let mut desk = Desk::new(false);
    let contract = desk.sell("2027-02-01", "2027-01-15");
    assert_eq!(desk.contract(contract).state, ContractState::Scheduled);
    desk.on("2027-01-31");
    assert!(!desk.charge(contract, Mood::Answer));
    assert_eq!(desk.contract(contract).state, ContractState::Scheduled);
    for month in 0..12 {
        desk.on(&day("2027-02-01").plus_months(month).to_string());
        assert!(desk.charge(contract, Mood::Answer), "{month}");
    }
    assert_eq!(desk.contract(contract).state, ContractState::Active);
    assert_eq!(desk.paid().iter().map(|(_, amount)| amount).sum::<i64>(), 12_400);
    desk.on("2028-02-01");
    desk.look(contract);
    assert_eq!(desk.contract(contract).state, ContractState::Completed);
    assert_eq!(desk.contract(contract).due(), None);
    assert_eq!(desk.till.balance(&Account::DeferredRevenue(contract)), 0);
}

/// Proves that nothing is charged while a contract is frozen, and that all moves by those days.
#[test]
fn a_freeze_moves_what_is_to_come() {
    let (mut desk, contract) = begun();
    assert!(desk.charge(contract, Mood::Answer));
    let freeze = FreezeContract {
        shard: SHARD,
        contract,
        from: day("2027-02-10"),
        until: Some(day("2027-03-10")),
        today: day("2027-01-31"),
        note: note(),
    };
    let late = FreezeContract { from: day("2027-01-30"), ..freeze.clone() };
    assert_eq!(code(desk.run(&late)), Code::StartDateOutOfRange);
    desk.run(&freeze).unwrap();
    desk.on("2027-02-28");
    assert!(!desk.charge(contract, Mood::Answer));
    assert_eq!(desk.contract(contract).state, ContractState::Frozen);
    desk.on("2027-03-10");
    assert!(!desk.charge(contract, Mood::Answer));
    assert_eq!(desk.contract(contract).state, ContractState::Active);
    assert_eq!(desk.instalment(contract, 2).payment.due, day("2027-03-28"));
    let (today, shard) = (day("2027-03-10"), SHARD);
    let unfreeze = UnfreezeContract { shard, contract, today, note: note() };
    assert_eq!(code(desk.run(&unfreeze)), Code::ContractNotActive);
}

/// Proves that cancelling ends what falls due later and keeps what is owed, and that a charge under
/// way is settled first.
#[test]
fn a_cancel_settles_what_is_under_way() {
    for (mood, state) in [(Mood::Answer, InstalmentState::Paid), (SOFT, InstalmentState::PastDue)] {
        let (mut desk, contract) = begun();
        let (_, next) = desk.look(contract).unwrap();
        let (from, today) = (day("2027-02-01"), day("2027-02-01"));
        let cancel = CancelContract { shard: SHARD, contract, from, today, note: note() };
        desk.run(&cancel).unwrap();
        assert_eq!(desk.contract(contract).state, ContractState::Cancelled);
        assert_eq!(desk.instalment(contract, 2).state, InstalmentState::Cancelled);
        let mut moods = vec![mood];
        desk.drive(next, &mut |_| Some(moods.pop().unwrap_or(Mood::Answer)));
        assert_eq!(desk.instalment(contract, 1).state, state);
        assert_eq!(desk.contract(contract).due(), None);
        assert_eq!(code(desk.run(&cancel)), Code::ContractNotActive);
    }
}

/// Proves that a person can have charged or give up what is overdue, and nothing else.
#[test]
fn people_pay_and_give_up_what_is_overdue() {
    let (mut desk, contract) = begun();
    desk.charge(contract, SOFT);
    let (shard, calendar, with) = (SHARD, desk.calendar(), desk.with());
    let pay = |number, method| {
        let (with, note) = (with.clone(), note());
        PayInstalment { shard, contract, number, method, calendar, with, note }
    };
    let give_up = |number| WriteOffInstalment { shard, contract, number, calendar, note: note() };
    assert_eq!(code(desk.run(&pay(99, None))), Code::InstallmentNotFound);
    assert_eq!(code(desk.run(&pay(2, None))), Code::InstallmentNotOpen);
    assert_eq!(code(desk.run(&give_up(2))), Code::InstallmentNotOpen);
    let unknown = Some(domain::ids::PaymentProfileId(999));
    assert_eq!(code(desk.run(&pay(1, unknown))), Code::AcctTokenInvalid);
    let (_, next) = desk.run(&pay(1, None)).unwrap().unwrap();
    assert_eq!(code(desk.run(&pay(1, None))), Code::PaymentPending);
    assert_eq!(code(desk.run(&give_up(1))), Code::PaymentPending);
    desk.drive(next, &mut |_| Some(Mood::Answer));
    assert_eq!(desk.instalment(contract, 1).state, InstalmentState::Paid);
    desk.on("2027-02-28");
    desk.charge(contract, HARD);
    desk.run(&give_up(2)).unwrap();
    assert_eq!(desk.instalment(contract, 2).state, InstalmentState::WrittenOff);
    assert_eq!(code(desk.run(&pay(2, None))), Code::InstallmentNotOpen);
}
