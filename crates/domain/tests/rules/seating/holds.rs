//! Holding seats, exchanging them, letting them go, and the end of a hold.

use domain::refusal::Code;
use domain::sale::Buyer;
use domain::seating::{FindSeats, RESERVATIONS_LIVE_MAX, ReservationState, SeatState, Wish};
use domain::time::Span;
use domain::token::{Secret, Token};

use super::stadium::{SECTION_A, SECTION_B, Stadium, device, seat};
use crate::common::{ADULT, TERRACE, code};

fn seats(reserved: &domain::seating::Reservation) -> Vec<u32> {
    reserved.seats.iter().map(|address| address.seat).collect()
}

/// The best seats are held for ten minutes, and nobody else gets them meanwhile.
#[test]
fn found_seats_are_held() {
    let mut stadium = Stadium::new();
    let found = stadium.find(&device("one"), 2).unwrap();
    assert_eq!(found.candidates, 3);
    assert_eq!(seats(&found.reservation), [seat(SECTION_A, 1, 4), seat(SECTION_A, 1, 5)]);
    let reservation = found.reservation.id;
    assert_eq!(stadium.state(seat(SECTION_A, 1, 4)), SeatState::Reserved(reservation));
    assert_eq!(found.reservation.due(), Some(stadium.club.till.now.after(Span::minutes(10))));
    let other = stadium.find(&device("two"), 2).unwrap();
    assert_eq!(seats(&other.reservation), [seat(SECTION_A, 1, 2), seat(SECTION_A, 1, 3)]);
}

/// Looking at the next choice gives up the last one; when there is none, the last one is kept.
#[test]
fn the_next_choice_takes_the_place_of_the_last() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let first = stadium.find(&buyer, 6).unwrap().reservation;
    let hold = Some(first.token());
    let next = stadium.find_next(&buyer, hold, 6, 2).unwrap();
    assert_eq!((next.candidates, next.reservation.id), (3, first.id));
    assert_eq!(stadium.state(seat(SECTION_A, 1, 4)), SeatState::Free);
    assert_eq!(next.reservation.seats[0].seat, seat(SECTION_B, 1, 0));
    let refused = stadium.find_next(&buyer, hold, 6, 3);
    assert_eq!(code(refused), Code::SoldOut);
    assert_eq!(stadium.state(seat(SECTION_B, 1, 0)), SeatState::Reserved(first.id));
}

/// Chosen seats are held all or none, and those that cannot be had are named.
#[test]
fn chosen_seats_are_all_or_none() {
    let mut stadium = Stadium::new();
    let (one, two) = (seat(SECTION_A, 1, 0), seat(SECTION_B, 1, 5));
    let held = stadium.hold(&device("one"), &[two]);
    let nowhere = [seat(SECTION_B, 1, 6), seat(9, 1, 0), 0];
    let wanted = [one, two, nowhere[0], nowhere[1], nowhere[2]];
    let missing = stadium.reserve(&device("two"), None, &wanted).unwrap().unwrap_err();
    assert_eq!(missing, wanted[1..]);
    assert_eq!(stadium.state(one), SeatState::Free);
    let more = stadium.reserve(&device("one"), Some(held.token()), &[one, two]).unwrap().unwrap();
    assert_eq!(seats(&more.reservation), [two, one]);
}

/// Seats that are given up are free at once; the rest stays, and with the last one the hold ends.
#[test]
fn seats_are_released() {
    let mut stadium = Stadium::new();
    let (one, two) = (seat(SECTION_A, 1, 0), seat(SECTION_A, 1, 1));
    let buyer = device("one");
    let hold = stadium.hold(&buyer, &[one, two]).token();
    let left = stadium.release(&buyer, hold, &[one, seat(SECTION_B, 1, 0)]).unwrap();
    assert_eq!((seats(&left), left.state), (vec![two], ReservationState::Held));
    assert_eq!(stadium.state(one), SeatState::Free);
    let left = stadium.release(&buyer, hold, &[]).unwrap();
    assert_eq!((seats(&left), left.state, left.due()), (vec![], ReservationState::Ended, None));
    assert_eq!(code(stadium.release(&buyer, hold, &[])), Code::ReservationExpired);
}

/// A hold ends with its time and not before; every change gives it ten minutes again, within an
/// hour from its beginning.
#[test]
fn holds_end() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let one = seat(SECTION_A, 1, 0);
    let held = stadium.hold(&buyer, &[one]);
    stadium.club.till.pass(Span::seconds(599));
    stadium.expire(held.id);
    assert_eq!(stadium.state(one), SeatState::Reserved(held.id));
    for _ in 0..6 {
        stadium.reserve(&buyer, Some(held.token()), &[one]).unwrap().unwrap();
        stadium.club.till.pass(Span::seconds(599));
    }
    let last = stadium.reservation(held.id).until;
    assert_eq!(last, held.made_at.after(Span::minutes(60)));
    stadium.club.till.now = last;
    let late = stadium.reserve(&buyer, Some(held.token()), &[one]);
    assert_eq!(code(late), Code::ReservationExpired);
    stadium.expire(held.id);
    assert_eq!(stadium.state(one), SeatState::Free);
    assert_eq!(stadium.reservation(held.id).state, ReservationState::Ended);
}

/// One device holds seats four times at most, whatever it holds; what has ended does not count. A
/// box office has no device and no such limit.
#[test]
fn live_holds_are_limited() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let row = |index| seat(SECTION_A, 1, index);
    let holds: Vec<_> = (0..4).map(|index| stadium.hold(&buyer, &[row(index)])).collect();
    assert_eq!(holds.len(), RESERVATIONS_LIVE_MAX);
    assert_eq!(code(stadium.reserve(&buyer, None, &[row(4)])), Code::TooManyRequests);
    assert_eq!(stadium.state(row(4)), SeatState::Free);
    stadium.hold(&device("two"), &[row(4)]);
    stadium.release(&buyer, holds[0].token(), &[]).unwrap();
    stadium.hold(&buyer, &[row(0)]);
    let office = Buyer { device_id: None, ..device("") };
    (5..10).for_each(|index| drop(stadium.hold(&office, &[row(index)])));
}

/// Whose a hold is: the phone's; the device's where one side has no phone; else the caller's.
#[test]
fn a_hold_belongs_to_somebody() {
    let phone = |phone: Option<&str>, device_id: Option<&str>| Buyer {
        phone: phone.map(Into::into),
        device_id: device_id.map(Into::into),
        ..device("")
    };
    let anna = Some("+3545550100");
    let cases = [
        (phone(anna, None), phone(anna, None), true),
        (phone(anna, None), phone(anna, Some("x")), true),
        (phone(anna, Some("x")), phone(None, Some("x")), true),
        (phone(None, Some("x")), phone(anna, Some("x")), true),
        (phone(None, None), phone(anna, Some("x")), true),
        (phone(anna, None), phone(Some("+3545550101"), None), false),
        (phone(anna, Some("x")), phone(Some("+3545550101"), Some("x")), false),
        (phone(anna, None), phone(None, None), false),
        (phone(None, Some("x")), phone(None, Some("y")), false),
        (phone(None, Some("x")), phone(anna, None), false),
        (phone(None, None), Buyer { principal: None, ..device("x") }, false),
    ];
    for (owner, other, same) in cases {
        let mut stadium = Stadium::new();
        let held = stadium.hold(&owner, &[seat(SECTION_A, 1, 0)]);
        let released = stadium.release(&other, held.token(), &[]);
        assert_eq!(released.is_ok(), same, "{owner:?} {other:?}");
        if !same {
            assert_eq!(code(released), Code::ReservationNotFound);
        }
    }
}

/// A wrong handle opens nothing, and looks like one that never was.
#[test]
fn handles_must_be_right() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let token = stadium.hold(&buyer, &[seat(SECTION_A, 1, 0)]).token();
    let wrong = [
        Token { secret: Secret([0xEE; 16]), ..token },
        Token { number: token.number + 1, ..token },
        Token { shard: domain::ids::Shard(8), ..token },
    ];
    for token in wrong {
        assert_eq!(code(stadium.release(&buyer, token, &[])), Code::ReservationNotFound);
        assert_eq!(code(stadium.find_next(&buyer, Some(token), 1, 0)), Code::ReservationNotFound);
    }
}

/// Seats are looked for where they are wanted and where their type is sold.
#[test]
fn sections_and_types_narrow_the_search() {
    let mut stadium = Stadium::new();
    stadium.only_in_b(ADULT);
    let mut check = |section, ticket_type, expected: Result<u32, Code>| {
        let request = stadium.request(&device(&format!("{section:?}{ticket_type:?}")), None);
        let wish = Wish { quantity: 1, may_split: false, skip: 0 };
        let found = stadium.club.till.run(&FindSeats { request, wish, section, ticket_type });
        let found = match found {
            Ok(found) => Ok(found.reservation.seats[0].seat / 100_000),
            refused => Err(code(refused)),
        };
        assert_eq!(found, expected, "{section:?} {ticket_type:?}");
    };
    check(None, None, Ok(SECTION_A));
    check(Some(SECTION_B), None, Ok(SECTION_B));
    check(None, Some(ADULT), Ok(SECTION_B));
    check(None, Some(TERRACE), Ok(SECTION_A));
    check(Some(SECTION_A), Some(ADULT), Err(Code::SoldOut));
    check(Some(9), None, Err(Code::ValidationFailed));
    check(None, Some(domain::ids::TicketTypeId(99)), Err(Code::TicketTypeNotAvailable));
}

/// A hold keeps fifty seats at most, however they came in.
#[test]
fn a_hold_is_bounded() {
    let mut stadium = Stadium::new();
    let many: Vec<u32> = (0..51).map(|index| seat(SECTION_A, 1, index)).collect();
    assert_eq!(code(stadium.reserve(&device("one"), None, &many)), Code::TooManyTickets);
}

/// The organiser keeps free seats from the sale and gives them back; what somebody has is theirs.
#[test]
fn the_organiser_blocks_seats() {
    let mut stadium = Stadium::new();
    let (one, two, nowhere) = (seat(SECTION_A, 1, 0), seat(SECTION_A, 1, 1), seat(7, 1, 1));
    let held = stadium.hold(&device("one"), &[two]);
    let outcome = stadium.block(&[one, two, nowhere], true).unwrap();
    assert_eq!((outcome.changed, outcome.not_available), (vec![one], vec![two, nowhere]));
    assert_eq!(stadium.state(one), SeatState::Blocked);
    let missing = stadium.reserve(&device("two"), None, &[one]).unwrap().unwrap_err();
    assert_eq!(missing, [one]);
    let again = stadium.block(&[one], true).unwrap();
    assert_eq!((again.changed, again.not_available), (vec![], vec![]));
    let back = stadium.block(&[one, two], false).unwrap();
    assert_eq!((back.changed, back.not_available), (vec![one], vec![two]));
    assert_eq!(stadium.state(two), SeatState::Reserved(held.id));
}

/// Nothing is held of an event that sells nothing, or whose seats have no numbers.
#[test]
fn the_event_must_sell_seats() {
    let mut stadium = Stadium::new();
    stadium.club.event.seats_numbered = false;
    stadium.club.publish();
    assert_eq!(code(stadium.find(&device("one"), 1)), Code::SeatNotAllowed);
    assert_eq!(code(stadium.block(&[1], true)), Code::SeatNotAllowed);
    stadium.club.event.seats_numbered = true;
    stadium.club.event.hidden = true;
    stadium.club.publish();
    assert_eq!(code(stadium.find(&device("one"), 1)), Code::AccessCodeRequired);
    stadium.club.event.active = false;
    stadium.club.publish();
    assert_eq!(code(stadium.find(&device("one"), 1)), Code::EventNotActive);
}
