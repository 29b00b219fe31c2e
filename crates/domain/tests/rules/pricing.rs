//! What an order costs.

use domain::money::{AMOUNT_MAX, basis_points_of};
use domain::pricing::price_lines;
use domain::refusal::Code;

use crate::common::{ADULT, CHILD, Club, TERRACE};

/// A line costs its type's price, or the event's own, times its count.
#[test]
fn lines_are_priced() {
    let club = Club::new();
    let check = |ticket_type, count, unit_price, total| {
        let (offer, order) = (club.offer(), club.order(&[(ticket_type, count)]));
        let lines = price_lines(&offer, &order.lines).unwrap();
        assert_eq!((lines[0].unit_price, lines[0].total), (unit_price, total));
    };
    check(ADULT, 3, 5_000, 15_000);
    check(CHILD, 3, 0, 0);
    check(TERRACE, 2, 6_000, 12_000);
}

/// A price row of a type that the catalogue does not have sells nothing.
#[test]
fn a_row_without_its_type_sells_nothing() {
    let mut club = Club::new();
    club.types.remove(0);
    let order = club.order(&[(ADULT, 1)]);
    let refusal = price_lines(&club.offer(), &order.lines).unwrap_err();
    assert_eq!(refusal.code, Code::TicketTypeNotAvailable);
}

/// Sums past 18 digits are refused, within a line and across lines; they never wrap.
#[test]
fn sums_have_an_end() {
    let check = |price: i64, wanted: &[_], expected: Option<Code>| {
        let mut club = Club::new();
        club.types[0].price = price;
        club.publish();
        let placed = club.place(&club.order(wanted));
        assert_eq!(placed.err().map(|halt| crate::common::code::<()>(Err(halt))), expected);
    };
    check(AMOUNT_MAX, &[(ADULT, 1)], None);
    check(AMOUNT_MAX, &[(ADULT, 2)], Some(Code::InvalidAmount));
    check(AMOUNT_MAX, &[(ADULT, 10)], Some(Code::InvalidAmount));
    check(AMOUNT_MAX, &[(ADULT, 1), (ADULT, 1)], Some(Code::InvalidAmount));
    check(AMOUNT_MAX / 2, &[(ADULT, 1), (ADULT, 1)], None);
}

/// Shares round half away from zero.
#[test]
fn shares_round_half_away_from_zero() {
    let check = |amount: i64, basis_points, expected: i64| {
        assert_eq!(basis_points_of(amount, basis_points), expected);
        assert_eq!(basis_points_of(-amount, basis_points), -expected);
    };
    check(5_000, 500, 250);
    check(10, 500, 1);
    check(9, 500, 0);
    check(30, 500, 2);
    check(29, 500, 1);
    check(0, 500, 0);
    check(12_345, 0, 0);
    check(12_345, 10_000, 12_345);
    check(AMOUNT_MAX, 10_000, AMOUNT_MAX);
}
