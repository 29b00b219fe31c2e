//! Messages of providers: each is taken once, by the sale it is about (`payments.md` §6.6).

use domain::ids::SaleId;
use domain::money::{Currency, Money};
use domain::task::{NoticeTask, Noticed, TakeNotice, Task, TaskKind};
use domain::time::Span;

use crate::common::{Club, SHARD, approved, resumable};

const SALE: SaleId = SaleId(1);

fn sold() -> Club {
    let mut club = Club::new();
    club.place_two(resumable());
    club.answer(SALE, 1, approved());
    club
}

/// The first message about a dispute.
fn dispute(club: &Club) -> TakeNotice {
    let attempt = &club.sale(SALE).attempts[0];
    TakeNotice {
        shard: SHARD,
        sale: SALE,
        key: attempt.key.clone(),
        gateway: attempt.terms.name.clone(),
        message: 7,
        ask: Some(NoticeTask {
            kind: TaskKind::PaymentDisputed,
            money: Some(Money::new(5_000, Currency::ISK)),
            text: "The buyer's bank wants the money back.".into(),
        }),
        lost: None,
    }
}

/// A message asks a person once, however often and however late in its days it comes.
#[test]
fn a_message_asks_once() {
    let mut club = sold();
    let notice = dispute(&club);
    assert_eq!(club.till.run(&notice), Ok(Noticed::Now));
    for pause in [Span::ZERO, Span::hours(1), Span::hours(24), Span::hours(48), Span::hours(20)] {
        club.till.pass(pause);
        assert_eq!(club.till.run(&notice), Ok(Noticed::Before), "{pause:?}");
    }
    let next = TakeNotice { message: 8, ..notice };
    assert_eq!(club.till.run(&next), Ok(Noticed::Now));
    let tasks: Vec<&Task> = club.till.all().collect();
    assert_eq!(tasks.len(), 2);
    assert_eq!((tasks[0].kind, tasks[0].amount), (TaskKind::PaymentDisputed, 5_000));
    assert_eq!(tasks[0].sale, Some(SALE));
}

/// A message counts for a payment that went through the gateway which sent it, and for no other.
#[test]
fn a_message_is_about_its_own_payment() {
    let mut club = sold();
    let right = dispute(&club);
    let wrong = [
        TakeNotice { key: "att_1_1_1_0000000000000000".into(), ..right.clone() },
        TakeNotice { gateway: "another".into(), ..right.clone() },
        TakeNotice { sale: SaleId(99), ..right.clone() },
    ];
    for notice in wrong {
        assert_eq!(club.till.run(&notice), Ok(Noticed::Unknown), "{notice:?}");
    }
    assert_eq!(club.till.all::<Task>().count(), 0);
    assert_eq!(club.till.run(&right), Ok(Noticed::Now));
}

/// A message that asks nothing leaves no task, and is remembered all the same.
#[test]
fn a_hint_is_remembered() {
    let mut club = sold();
    let hint = TakeNotice { ask: None, ..dispute(&club) };
    assert_eq!(club.till.run(&hint), Ok(Noticed::Now));
    assert_eq!(club.till.run(&hint), Ok(Noticed::Before));
    assert_eq!(club.till.all::<Task>().count(), 0);
}
