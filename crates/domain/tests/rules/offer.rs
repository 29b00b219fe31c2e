//! When an event is on sale, and for whom.

use domain::catalogue::Period;
use domain::refusal::Code;
use domain::time::{Span, Timestamp};

use crate::common::{ADULT, Club, code};

const HOUR: i64 = 3_600_000_000;

/// Asks at `hours` from the event's start whether it is on sale.
#[track_caller]
fn check(change: impl FnOnce(&mut Club), hours: i64, expected: Result<(), Code>) {
    let mut club = Club::new();
    change(&mut club);
    let now = Timestamp(club.event.starts_at.0 + hours * HOUR);
    let open = club.offer().open_for_sale(now);
    assert_eq!(open.map_err(|refusal| refusal.code), expected);
}

fn sale_between(club: &mut Club, from_hours: i64, to_hours: i64) {
    let at = |hours: i64| Timestamp(club.event.starts_at.0 + hours * HOUR);
    club.event.sale = Some(Period { from: at(from_hours), to: at(to_hours) });
}

/// Switches and the postponement, each before what comes after it.
#[test]
fn switches_decide() {
    check(|_| {}, -1, Ok(()));
    check(|club| club.event.active = false, -1, Err(Code::EventNotActive));
    check(|club| club.event.postponed = true, -1, Err(Code::EventPostponed));
    check(|club| club.series.active = false, -1, Err(Code::SaleNotActive));
    check(
        |club| (club.event.active, club.event.postponed) = (false, true),
        9,
        Err(Code::EventNotActive),
    );
    check(|club| club.event.postponed = true, 9, Err(Code::EventPostponed));
    check(|club| club.series.active = false, 9, Err(Code::EventOver));
}

/// An event without an end is over three hours after its start (`domain.md` §3.5).
#[test]
fn events_end() {
    check(|_| {}, 2, Ok(()));
    check(|_| {}, 3, Err(Code::EventOver));
    let longer = |club: &mut Club| {
        club.event.ends_at = Some(club.event.starts_at.after(Span::hours(5)));
    };
    check(longer, 4, Ok(()));
    check(longer, 5, Err(Code::EventOver));
}

/// A sale window holds its first moment and not its last.
#[test]
fn windows_are_half_open() {
    check(|club| sale_between(club, -10, -5), -11, Err(Code::SaleNotActive));
    check(|club| sale_between(club, -10, -5), -10, Ok(()));
    check(|club| sale_between(club, -10, -5), -6, Ok(()));
    check(|club| sale_between(club, -10, -5), -5, Err(Code::SaleNotActive));
}

/// A suspended series stops the events that start in the span, whatever time it is now.
#[test]
fn suspension_follows_the_event_date() {
    let suspend = |from_hours: i64, to_hours: i64| {
        move |club: &mut Club| {
            let at = |hours: i64| Timestamp(club.event.starts_at.0 + hours * HOUR);
            club.series.suspended = Some(Period { from: at(from_hours), to: at(to_hours) });
        }
    };
    check(suspend(0, 1), -500, Err(Code::SaleSuspended));
    check(suspend(-1, 0), -1, Ok(()));
    check(suspend(1, 2), -1, Ok(()));
}

/// A hidden event is ordered with its code only, and never without one.
#[test]
fn hidden_events_need_their_code() {
    let check = |set: Option<&str>, sent: Option<&str>, expected: Option<Code>| {
        let mut club = Club::new();
        club.event.hidden = true;
        club.event.access_code = set.map(str::to_owned);
        club.publish();
        let mut order = club.order(&[(ADULT, 1)]);
        order.access_code = sent.map(str::to_owned);
        match expected {
            Some(expected) => assert_eq!(code(club.place(&order)), expected),
            None => assert!(club.place(&order).is_ok()),
        }
    };
    check(Some("x"), Some("x"), None);
    check(Some("x"), Some("y"), Some(Code::AccessCodeRequired));
    check(Some("x"), None, Some(Code::AccessCodeRequired));
    check(None, None, Some(Code::AccessCodeRequired));
    check(None, Some(""), Some(Code::AccessCodeRequired));
}
