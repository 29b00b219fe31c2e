//! The same request twice is one sale.

use std::sync::Arc;

use domain::attempt::Next;
use domain::facts::{Command as _, Halt, Shards};
use domain::idempotency::{Idempotency, Identity, Marks};
use domain::ids::{SaleId, Shard};
use domain::refusal::Code;
use domain::sale::{PlaceOrder, Placed, Sale, SaleState};
use domain::time::{Span, Timestamp};

use crate::common::{ADULT, CHILD, Club, DAY, GROUND, SHARD, approved, code};

const KEY: Identity = Identity { hash: 0xABC, fingerprint: 1 };

/// A request under a caller's key.
fn under(identity: Identity) -> Marks {
    Marks { key: Some(identity), ..Marks::default() }
}

/// A signed request.
fn signed_by(identity: Identity) -> Marks {
    Marks { signature: Some(identity), ..Marks::default() }
}

fn ask(club: &mut Club, identity: Identity) -> Result<Placed, Halt> {
    let order = PlaceOrder { marks: under(identity), ..club.order(&[(ADULT, 2)]) };
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
    let order = PlaceOrder { marks: under(KEY), ..club.order(&[(ADULT, 2)]) };
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
        marks: Marks { earlier: earlier.clone(), ..under(identity) },
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

/// A sale placed, a repeat, or what was said instead.
#[derive(Debug, PartialEq)]
enum Told {
    New(u32),
    Again(u32),
    Refused(Code),
}

const OTHER_KEY: Identity = Identity { hash: 0xDEF, ..KEY };
const SIGNED: Identity = Identity { hash: 0x51, fingerprint: 7 };
const SIGNED_ANEW: Identity = Identity { hash: 0x52, ..SIGNED };
const OTHER_BODY: Identity = Identity { fingerprint: 2, ..KEY };
const OTHER_BODY_SIGNED: Identity = Identity { fingerprint: 8, ..SIGNED };

/// A key or none, and a signature or none.
type KeyAndSignature = (Option<Identity>, Option<Identity>);

fn tell(club: &mut Club, (key, signature): KeyAndSignature) -> Told {
    let marks = Marks { key, signature, ..Marks::default() };
    let order = PlaceOrder { marks, ..club.order(&[(ADULT, 2)]) };
    match club.place(&order) {
        Ok(placed) if placed.repeated => Told::Again(placed.sale.id.0),
        Ok(placed) => Told::New(placed.sale.id.0),
        other => Told::Refused(code(other)),
    }
}

/// Key and signature each lead to the sale, whichever of them a repeat has; whatever a repeat
/// brings with it leads there from then on; and a wrong signature is told before a wrong key.
#[test]
fn either_mark_leads_to_the_sale() {
    use Told::{Again, New, Refused};
    let check = |requests: &[(KeyAndSignature, Told)]| {
        let mut club = Club::new();
        for (number, (marks, expected)) in requests.iter().enumerate() {
            assert_eq!(tell(&mut club, *marks), *expected, "{number}: {marks:?}");
        }
    };
    let replayed = || Refused(Code::SignatureReplayed);
    let (key, signed) = (Some(KEY), Some(SIGNED));
    let both = (key, signed);
    check(&[((None, signed), New(1)), ((None, signed), Again(1))]);
    check(&[(both, New(1)), (both, Again(1)), ((key, None), Again(1)), ((None, signed), Again(1))]);
    check(&[(both, New(1)), ((None, Some(SIGNED_ANEW)), New(2))]);
    check(&[
        ((None, signed), New(1)),
        ((None, Some(OTHER_BODY_SIGNED)), replayed()),
        ((Some(OTHER_KEY), Some(OTHER_BODY_SIGNED)), replayed()),
        (both, Again(1)),
        ((key, None), Again(1)),
    ]);
    // A repeat that is signed anew uses that signature up.
    check(&[
        (both, New(1)),
        ((key, Some(SIGNED_ANEW)), Again(1)),
        ((None, Some(SIGNED_ANEW)), Again(1)),
        ((None, Some(Identity { hash: 0x52, ..OTHER_BODY_SIGNED })), replayed()),
    ]);
    check(&[
        (both, New(1)),
        ((Some(OTHER_BODY), Some(SIGNED_ANEW)), Refused(Code::IdempotencyConflict)),
        ((Some(OTHER_BODY), Some(OTHER_BODY_SIGNED)), replayed()),
    ]);
    // Two sales of equal bodies: their marks do not mix.
    let (first, second) = ((key, signed), (Some(OTHER_KEY), Some(SIGNED_ANEW)));
    check(&[
        (first, New(1)),
        (second, New(2)),
        ((key, Some(SIGNED_ANEW)), Refused(Code::IdempotencyConflict)),
        (second, Again(2)),
    ]);
}

/// A signature is good for one request, whoever sells; a key counts with one seller.
#[test]
fn a_signature_counts_with_all_sellers() {
    let mut club = Club::new();
    let order = PlaceOrder { marks: signed_by(SIGNED), ..club.order(&[(ADULT, 2)]) };
    assert_eq!(order.shards(), Shards::Two(Shard::HOUSE, SHARD));
    club.place(&order).unwrap();
    let mut offer = club.offer();
    let mut organiser = (*offer.organiser).clone();
    organiser.shard = Shard(SHARD.0 + 1);
    offer.organiser = Arc::new(organiser);
    let mut event = (*offer.event).clone();
    event.organiser = Shard(SHARD.0 + 1);
    offer.event = Arc::new(event);
    let elsewhere = PlaceOrder { offer: Arc::new(offer), ..order };
    assert_eq!(code(club.place(&elsewhere)), Code::SignatureReplayed);
}

/// A refused order leaves its signature free, as it does its key; an unsigned one locks nothing
/// but its seller.
#[test]
fn a_refusal_uses_no_signature_up() {
    let mut club = Club::new();
    let refused = PlaceOrder { marks: signed_by(SIGNED), ..club.order(&[(CHILD, 0)]) };
    assert_eq!(code(club.place(&refused)), Code::NothingToOrder);
    assert_eq!(tell(&mut club, (None, Some(OTHER_BODY_SIGNED))), Told::New(1));
    assert_eq!(club.order(&[(ADULT, 2)]).shards(), Shards::One(SHARD));
}
