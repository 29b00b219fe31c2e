//! The same request twice is one sale.

use domain::attempt::Next;
use domain::facts::Halt;
use domain::idempotency::{Idempotency, Identity};
use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::{PlaceOrder, Placed, Sale, SaleState};
use domain::time::{Span, Timestamp};

use crate::common::{ADULT, CHILD, Club, DAY, GROUND, SHARD, approved, code};

const KEY: Identity = Identity { hash: 0xABC, fingerprint: 1 };

fn ask(club: &mut Club, identity: Identity) -> Result<Placed, Halt> {
    let order = PlaceOrder { identity: Some(identity), ..club.order(&[(ADULT, 2)]) };
    club.place(&order)
}

/// A repeat gets the first sale as it is now, and starts nothing.
#[test]
fn a_repeat_is_answered_from_the_first() {
    let mut club = Club::new();
    let first = ask(&mut club, KEY).unwrap();
    assert!(!first.repeated && matches!(first.next, Next::Call(_)));
    let again = ask(&mut club, KEY).unwrap();
    assert!(again.repeated);
    assert_eq!((again.sale.id, again.next), (first.sale.id, Next::Done));
    club.answer(first.sale.id, 1, approved());
    assert_eq!(ask(&mut club, KEY).unwrap().sale.state, SaleState::Issued);
    assert_eq!(club.taken(GROUND), (0, 2));
}

/// The answer to a repeat does not depend on what the catalogue has become.
#[test]
fn a_repeat_outlives_the_catalogue() {
    let mut club = Club::new();
    let order = PlaceOrder { identity: Some(KEY), ..club.order(&[(ADULT, 2)]) };
    let first = club.place(&order).unwrap();
    club.event.active = false;
    club.publish();
    assert_eq!(club.place(&order).unwrap().sale.id, first.sale.id);
}

/// Another body under the same key is refused; another key is another sale.
#[test]
fn another_body_is_a_conflict() {
    let mut club = Club::new();
    ask(&mut club, KEY).unwrap();
    let other_body = Identity { fingerprint: 2, ..KEY };
    assert_eq!(code(ask(&mut club, other_body)), Code::IdempotencyConflict);
    let other_key = Identity { hash: 0xDEF, ..KEY };
    assert_eq!(ask(&mut club, other_key).unwrap().sale.id, SaleId(2));
}

/// A refused order leaves the key free.
#[test]
fn a_refusal_is_not_remembered() {
    let mut club = Club::new();
    club.place(&club.order(&[(CHILD, 9)])).unwrap();
    assert_eq!(code(ask(&mut club, KEY)), Code::SoldOut);
    club.limit(GROUND, Some(20)).unwrap();
    assert!(!ask(&mut club, KEY).unwrap().repeated);
}

/// A repeat is found over midnight, in both directions if clocks differ, and a day later.
#[test]
fn repeats_are_found_around_midnight() {
    let minute = 60_000_000;
    let midnight = Club::new().till.now.0 / DAY * DAY;
    let check = |first_at: i64, again_at: i64, found: bool| {
        let mut club = Club::new();
        club.till.now = Timestamp(midnight + first_at);
        ask(&mut club, KEY).unwrap();
        club.till.now = Timestamp(midnight + again_at);
        assert_eq!(ask(&mut club, KEY).unwrap().repeated, found, "{first_at} {again_at}");
    };
    check(-1, 0, true);
    check(-1, DAY - 1, true);
    check(0, DAY, true);
    check(0, 2 * DAY - 1, true);
    check(0, -1, true);
    check(minute, -4 * minute, true);
    // The days before were read when it was still the day before.
    check(0, 2 * DAY + 4 * minute, true);
    check(0, 2 * DAY + 6 * minute, false);
}

/// The row of an earlier day comes with the order, and counts like a recent one.
#[test]
fn an_earlier_row_counts() {
    let mut club = Club::new();
    let first = ask(&mut club, KEY).unwrap().sale;
    let earlier = club.till.all::<Idempotency>().next().cloned();
    assert_eq!(earlier.as_ref().map(|row| (row.shard, row.sale)), Some((SHARD, first.id)));
    club.till.pass(Span::hours(24 * 9));
    let order = |identity| PlaceOrder {
        identity: Some(identity),
        earlier: earlier.clone(),
        ..club.order(&[(ADULT, 2)])
    };
    let (same, other) = (order(KEY), order(Identity { fingerprint: 2, ..KEY }));
    assert_eq!(club.place(&same).unwrap().sale.id, first.id);
    assert_eq!(code(club.place(&other)), Code::IdempotencyConflict);
    assert_eq!(club.till.all::<Sale>().count(), 1);
}

/// Orders without a key are never repeats.
#[test]
fn without_a_key_every_order_is_new() {
    let mut club = Club::new();
    let order = club.order(&[(ADULT, 2)]);
    let sales = [0, 1].map(|_| club.place(&order).unwrap().sale.id);
    assert_ne!(sales[0], sales[1]);
}
