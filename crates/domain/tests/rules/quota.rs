//! Limits: free, held, sold; shared, lowered, absent.

use domain::quota::Quota;
use domain::refusal::Code;

use crate::common::{ADULT, CHILD, Club, GROUND, SHARD, approved, code, resumable};

fn quota(limit: Option<u32>, held: u32, sold: u32) -> Quota {
    Quota { held, sold, ..Quota::new(SHARD, GROUND, "ground", limit) }
}

/// Free is what the limit leaves, and never less than nothing.
#[test]
fn free_is_what_is_left() {
    let check = |quota: Quota, expected: Option<u32>| assert_eq!(quota.free(), expected);
    check(quota(Some(10), 0, 0), Some(10));
    check(quota(Some(10), 3, 4), Some(3));
    check(quota(Some(10), 4, 6), Some(0));
    check(quota(Some(10), 9, 9), Some(0));
    check(quota(None, 9, 9), None);
}

/// Taking stops at the limit and says how many are left.
#[test]
fn taking_stops_at_the_limit() {
    let check = |mut quota: Quota, count: u32, expected: Result<(), &str>| {
        let (held, sold) = (quota.held, quota.sold);
        let said = quota.hold(count).map_err(|refusal| {
            assert_eq!(refusal.code, Code::SoldOut);
            refusal.message
        });
        assert_eq!(said.as_ref().copied().map_err(String::as_str), expected);
        let taken = if expected.is_ok() { count } else { 0 };
        assert_eq!((quota.held, quota.sold), (held + taken, sold));
    };
    check(quota(Some(10), 3, 4), 3, Ok(()));
    check(quota(Some(10), 3, 4), 4, Err("Only 3 tickets of this type are left."));
    check(quota(Some(10), 4, 6), 1, Err("No tickets of this type are left."));
    check(quota(Some(5), 4, 6), 1, Err("No tickets of this type are left."));
    check(quota(None, 4, 6), 1_000, Ok(()));
}

/// Held places become sold or free again; sold ones are given back.
#[test]
fn places_change_hands() {
    let mut quota = quota(Some(10), 5, 1);
    quota.settle(2);
    assert_eq!((quota.held, quota.sold), (3, 3));
    quota.release(3);
    assert_eq!((quota.held, quota.sold), (0, 3));
    quota.give_back(1);
    assert_eq!((quota.held, quota.sold), (0, 2));
    quota.sell(8).unwrap();
    assert_eq!(quota.free(), Some(0));
}

/// Giving back what was never taken is a mistake of the program and stops it.
#[test]
#[should_panic(expected = "released more than was held")]
fn nothing_is_released_twice() {
    quota(Some(10), 1, 5).release(2);
}

/// Types that share a limit compete for it.
#[test]
fn a_shared_limit_is_one_limit() {
    let mut club = Club::new();
    club.place(&club.order(&[(CHILD, 7)])).unwrap();
    assert_eq!(code(club.place(&club.order(&[(ADULT, 4)]))), Code::SoldOut);
    club.place(&club.order(&[(ADULT, 3)])).unwrap();
    assert_eq!(club.taken(GROUND), (3, 7));
}

/// A limit lowered below what is taken sells nothing more and takes nothing back, not even from
/// a sale that still waits for its money.
#[test]
fn a_lowered_limit_takes_nothing_back() {
    let mut club = Club::new();
    let waiting = club.place_two(resumable()).sale.id;
    club.place(&club.order(&[(CHILD, 4)])).unwrap();
    club.limit(GROUND, Some(5)).unwrap();
    assert_eq!(club.taken(GROUND), (2, 4));
    assert_eq!(code(club.place(&club.order(&[(CHILD, 1)]))), Code::SoldOut);
    club.answer(waiting, 1, approved());
    assert_eq!(club.taken(GROUND), (0, 6));
    club.limit(GROUND, None).unwrap();
    club.place(&club.order(&[(CHILD, 10)])).unwrap();
    assert_eq!(club.taken(GROUND), (0, 16));
}
