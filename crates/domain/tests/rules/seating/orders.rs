//! Orders of held seats: which admission gets which, and what becomes of the seats.

use domain::attempt::{CallResult, DeclineReason};
use domain::ids::TicketTypeId;
use domain::refusal::Code;
use domain::sale::{SaleState, Verdict};
use domain::seating::{ReservationState, SeatState, take_one};
use domain::time::Span;

use super::stadium::{SECTION_A, SECTION_B, Stadium, device, seat};
use crate::common::{ADULT, CHILD, TERRACE, approved, code, holder, unknown};

fn declined() -> CallResult {
    CallResult::Declined(DeclineReason::Soft)
}

fn row(index: u16) -> u32 {
    seat(SECTION_A, 1, index)
}

fn of(sale: &domain::sale::Sale) -> Vec<u32> {
    sale.seats.iter().map(|address| address.seat).collect()
}

/// Money that comes makes held seats sold and uses the hold up; nothing to pay does so at once.
#[test]
fn paid_seats_are_sold() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[row(0), row(1)]);
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 2)]);
    let sale = stadium.place(&order).unwrap().sale;
    assert_eq!((of(&sale), sale.reservation), (vec![row(0), row(1)], Some(held.id)));
    assert_eq!(stadium.state(row(0)), SeatState::Held(sale.id));
    assert_eq!(stadium.reservation(held.id).state, ReservationState::Ordered);
    stadium.club.answer(sale.id, 1, approved());
    assert_eq!(stadium.state(row(1)), SeatState::Sold(sale.id));
    assert_eq!(stadium.reservation(held.id).state, ReservationState::Used);
    let free = stadium.hold(&buyer, &[row(2)]);
    let order = stadium.order(&buyer, Some(free.token()), &[(CHILD, 1)]);
    let sale = stadium.place(&order).unwrap().sale;
    assert_eq!(stadium.state(row(2)), SeatState::Sold(sale.id));
}

/// While its payment is open a hold does not end; when the payment fails in time, the buyer has
/// the seats for five more minutes at least and may order again.
#[test]
fn a_failed_payment_gives_the_seats_back_to_the_hold() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[row(0)]);
    stadium.club.till.pass(Span::seconds(590));
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 1)]);
    let first = stadium.place(&order).unwrap().sale;
    stadium.club.till.pass(Span::seconds(60));
    stadium.expire(held.id);
    assert_eq!(stadium.state(row(0)), SeatState::Held(first.id));
    stadium.club.answer(first.id, 1, declined());
    assert_eq!(stadium.state(row(0)), SeatState::Reserved(held.id));
    let until = stadium.club.till.now.after(Span::minutes(5));
    assert_eq!(stadium.reservation(held.id).due(), Some(until));
    let second = stadium.place(&order).unwrap().sale;
    assert_ne!(second.id, first.id);
    stadium.club.answer(second.id, 1, approved());
    assert_eq!(stadium.state(row(0)), SeatState::Sold(second.id));
}

/// When the hold's time is over before the payment fails, everybody may have the seats.
#[test]
fn a_payment_that_fails_late_frees_the_seats() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[row(0)]);
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 1)]);
    let sale = stadium.place(&order).unwrap().sale;
    stadium.club.answer(sale.id, 1, unknown());
    stadium.club.till.pass(Span::minutes(11));
    stadium.club.answer(sale.id, 1, declined());
    assert_eq!(stadium.state(row(0)), SeatState::Free);
    assert_eq!(stadium.reservation(held.id).state, ReservationState::Ended);
    assert_eq!(code(stadium.place(&order)), Code::ReservationExpired);
}

/// An approval that comes after the decline takes the seats from the buyer's own hold, and sends
/// the money back when somebody else has them.
#[test]
fn a_late_approval_takes_the_seats_if_it_can() {
    for somebody_else in [false, true] {
        let mut stadium = Stadium::new();
        let buyer = device("one");
        let held = stadium.hold(&buyer, &[row(0)]);
        let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 1)]);
        let sale = stadium.place(&order).unwrap().sale;
        stadium.club.answer(sale.id, 1, declined());
        if somebody_else {
            stadium.release(&buyer, held.token(), &[]).unwrap();
            stadium.hold(&device("two"), &[row(0)]);
        }
        stadium.club.answer(sale.id, 1, approved());
        let state = stadium.club.sale(sale.id).state;
        if somebody_else {
            assert_eq!(state, SaleState::Returning);
        } else {
            assert_eq!(state, SaleState::Issued);
            assert_eq!(stadium.state(row(0)), SeatState::Sold(sale.id));
            assert_eq!(stadium.reservation(held.id).state, ReservationState::Used);
        }
    }
}

/// Nobody knows for a day: the seats stay held, and a person's word decides.
#[test]
fn seats_stay_held_under_review() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[row(0)]);
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 1)]);
    let sale = stadium.place(&order).unwrap().sale;
    stadium.club.answer(sale.id, 1, unknown());
    while stadium.club.sale(sale.id).state == SaleState::AwaitingPayment {
        stadium.club.resume_when_due(sale.id);
        stadium.club.answer(sale.id, 1, unknown());
    }
    assert_eq!(stadium.club.sale(sale.id).state, SaleState::UnderReview);
    stadium.expire(held.id);
    assert_eq!(stadium.state(row(0)), SeatState::Held(sale.id));
    stadium.club.review(sale.id, Verdict::NotMoved).unwrap();
    assert_eq!(stadium.state(row(0)), SeatState::Free);
}

/// What is sent, and the code that says no; nothing is changed then.
#[test]
fn orders_that_are_refused() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[row(0), row(1)]);
    let token = held.token();
    let over = stadium.hold(&buyer, &[row(9)]);
    stadium.release(&buyer, over.token(), &[]).unwrap();
    let two = [(ADULT, 2)];
    let cases = [
        (stadium.order(&buyer, None, &two), Code::SeatReservationRequired),
        (stadium.order(&device("two"), Some(token), &two), Code::ReservationNotFound),
        (stadium.order(&buyer, Some(over.token()), &two), Code::ReservationExpired),
        (stadium.order(&buyer, Some(token), &[(ADULT, 1)]), Code::SeatCountMismatch),
        (stadium.order(&buyer, Some(token), &[(ADULT, 3)]), Code::SeatCountMismatch),
    ];
    for (order, expected) in cases {
        assert_eq!(code(stadium.place(&order)), expected);
    }
    let choose = |seats: &[Option<u32>]| domain::sale::PlaceOrder {
        seats: seats.to_vec(),
        ..stadium.order(&buyer, Some(token), &two)
    };
    let (taken, twice) = (choose(&[Some(row(5))]), choose(&[Some(row(0)), Some(row(0))]));
    assert_eq!(code(stadium.place(&taken)), Code::SeatTaken);
    assert_eq!(code(stadium.place(&twice)), Code::ValidationFailed);
    assert_eq!(stadium.state(row(0)), SeatState::Reserved(held.id));
    assert_eq!(*stadium.reservation(held.id), *held);
}

/// One order a hold: another one is told to wait while the first is being paid, and that the seats
/// are gone once it is; the very same one is the first one again.
#[test]
fn one_order_a_hold() {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[row(0)]);
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 1)]);
    let first = stadium.place(&order).unwrap();
    let again = stadium.place(&order).unwrap();
    assert!(again.repeated && again.sale.id == first.sale.id);
    let mut other = order.clone();
    other.reservation.as_mut().unwrap().request = 2;
    assert_eq!(code(stadium.place(&other)), Code::PaymentPending);
    stadium.club.answer(first.sale.id, 1, approved());
    assert_eq!(code(stadium.place(&other)), Code::IdempotencyConflict);
    assert!(stadium.place(&order).unwrap().repeated);
}

#[track_caller]
fn check_assigned(chosen: &[Option<u32>], wanted: &[(TicketTypeId, i64)], expected: &[u32]) {
    let mut stadium = Stadium::new();
    stadium.only_in_b(TERRACE);
    let buyer = device("one");
    let reserved = [row(0), seat(SECTION_B, 1, 0), row(1), seat(SECTION_B, 1, 1)];
    let count: usize = wanted.iter().map(|(_, count)| usize::try_from(*count).unwrap()).sum();
    let held = stadium.hold(&buyer, &reserved[..count]);
    let mut order = stadium.order(&buyer, Some(held.token()), wanted);
    order.seats = chosen.to_vec();
    order.holders = vec![holder(); count];
    match stadium.place(&order) {
        Ok(placed) => assert_eq!(of(&placed.sale), expected),
        refused => {
            assert_eq!(code(refused), Code::TicketTypeNotAvailable);
            assert!(expected.is_empty(), "{chosen:?} {wanted:?}");
        }
    }
}

/// Admissions get their chosen seats, the others theirs in the order of the hold, and a type that
/// is sold in one section only gets a seat there whenever that can be.
#[test]
fn admissions_get_their_seats() {
    let (a0, b0, a1, b1) = (row(0), seat(SECTION_B, 1, 0), row(1), seat(SECTION_B, 1, 1));
    check_assigned(&[], &[(ADULT, 3)], &[a0, b0, a1]);
    check_assigned(&[Some(a1)], &[(ADULT, 3)], &[a1, a0, b0]);
    check_assigned(&[None, None, Some(a0)], &[(ADULT, 3)], &[b0, a1, a0]);
    check_assigned(&[], &[(ADULT, 1), (TERRACE, 1)], &[a0, b0]);
    check_assigned(&[], &[(TERRACE, 1), (ADULT, 1)], &[b0, a0]);
    check_assigned(&[], &[(ADULT, 2), (TERRACE, 1)], &[a0, a1, b0]);
    check_assigned(&[Some(b0)], &[(ADULT, 1), (TERRACE, 1)], &[]);
    check_assigned(&[Some(a0)], &[(TERRACE, 1), (ADULT, 1)], &[]);
    check_assigned(&[], &[(TERRACE, 2)], &[]);
    check_assigned(&[Some(b0)], &[(ADULT, 2), (TERRACE, 2)], &[]);
    check_assigned(&[], &[(ADULT, 2), (TERRACE, 2)], &[a0, a1, b0, b1]);
}

/// A seat is taken directly for a sale that replaces another: only a free one, and only where the
/// type is sold.
#[test]
fn one_seat_is_taken_directly() {
    use domain::facts::{Facts, Halt, Overlay};
    use domain::ids::{SaleId, SeatBlockId};
    let mut stadium = Stadium::new();
    stadium.hold(&device("one"), &[row(0)]);
    let take = |wanted: u32, sections: &[SeatBlockId]| {
        let batch = Overlay::default();
        let mut facts = Facts::new(&stadium.club.till, &batch);
        let taken = take_one(&mut facts, &stadium.club.event, wanted, sections, SaleId(9), false);
        taken.map(|address| (address.block, address.seat)).map_err(|halt| match halt {
            Halt::Refused(refusal) => refusal.code,
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(take(row(1), &[]), Ok((SeatBlockId(1), row(1))));
    assert_eq!(take(row(1), &[SeatBlockId(1)]), Ok((SeatBlockId(1), row(1))));
    assert_eq!(take(row(1), &[SeatBlockId(2)]), Err(Code::TicketTypeNotAvailable));
    for taken in [row(0), row(10), seat(9, 1, 0), 0] {
        assert_eq!(take(taken, &[]), Err(Code::SeatTaken));
    }
}
