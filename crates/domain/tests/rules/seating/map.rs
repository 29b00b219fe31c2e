//! Seats keep their numbers and their names.

use domain::facts::Halt;
use domain::ids::VenueId;
use domain::refusal::Code;
use domain::seating::{SeatMap, SeatNames, SeatPlace, Section};

use crate::common::code;
use crate::seating::stadium::{SECTION_A, Stadium, seat, seat_map, section};

fn numbers(map: &SeatMap) -> Vec<(u32, Vec<u16>)> {
    let rows = |section: &Section| section.rows.iter().map(|row| row.number).collect();
    map.sections.iter().map(|section| (section.number, rows(section))).collect()
}

/// A number says where a seat is, and the other way round.
#[test]
fn a_number_leads_to_its_seat() {
    for (section, row, index) in [(1, 1, 0), (1, 1, 499), (1, 199, 499), (21_000, 7, 12)] {
        let place = SeatPlace { section, row, index };
        assert_eq!(SeatPlace::of(place.seat()), place);
        assert!(i32::try_from(place.seat()).is_ok(), "{place:?}");
    }
    assert_eq!(seat(3, 4, 11), 302_011);
}

/// Sections and rows are found by name when a map is drawn anew: they keep their numbers wherever
/// they stand, new ones get new numbers, and those of what is gone are not used again.
#[test]
fn numbers_follow_names() {
    let first =
        seat_map(vec![section("A", 1, &[("1", 5), ("2", 5)]), section("B", 1, &[("1", 5)])]);
    let first = first.numbered_like(None).unwrap();
    assert_eq!(numbers(&first), [(1, vec![1, 2]), (2, vec![1])]);
    let again =
        seat_map(vec![section("C", 1, &[("1", 5)]), section("A", 1, &[("0", 5), ("2", 5)])]);
    let again = again.numbered_like(Some(&first)).unwrap();
    assert_eq!(numbers(&again), [(3, vec![1]), (1, vec![3, 2])]);
    let third = seat_map(vec![section("B", 1, &[("1", 5)]), section("A", 1, &[("1", 5)])]);
    let third = third.numbered_like(Some(&again)).unwrap();
    assert_eq!(numbers(&third), [(4, vec![1]), (1, vec![4])]);
}

#[track_caller]
fn check_redrawn(sections: Vec<Section>, expected: Result<(), &str>) {
    let known = seat_map(vec![section("A", 1, &[("1", 5)]), section("B", 1, &[("1", 5)])]);
    let known = SeatMap { in_use: true, ..known.numbered_like(None).unwrap() };
    let redrawn = seat_map(sections).numbered_like(Some(&known)).map(|_| ());
    match (redrawn, expected) {
        (Ok(()), Ok(())) => {}
        (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
        (redrawn, expected) => panic!("{redrawn:?}, expected {expected:?}"),
    }
}

/// While an event is sold by a map, its seats stay and keep their names; more may come.
#[test]
fn a_map_in_use_keeps_its_seats() {
    let b = || section("B", 1, &[("1", 5)]);
    check_redrawn(vec![b(), section("A", 9, &[("2", 3), ("1", 6)])], Ok(()));
    check_redrawn(vec![b(), section("A", 1, &[("1", 4)])], Err("row 1, seat 5 is gone"));
    check_redrawn(vec![b(), section("A", 1, &[("9", 5)])], Err("section A, row 1, seat 1 is gone"));
    check_redrawn(vec![b()], Err("section A"));
    let mut renamed = section("A", 1, &[("1", 5)]);
    renamed.rows[0].names = SeatNames::Numbers { first: 2, step: 1 };
    check_redrawn(vec![b(), renamed], Err("seat 1 is gone or has another name"));
}

#[track_caller]
fn check_wrong(sections: Vec<Section>, part: &str) {
    let message = seat_map(sections).numbered_like(None).unwrap_err();
    assert!(message.contains(part), "{message}");
}

/// Two seats of one name, and more seats than there are numbers, are refused in words.
#[test]
fn names_and_sizes_are_checked() {
    let row = |count| section("A", 1, &[("1", count)]);
    check_wrong(vec![row(0)], "needs 1 to 500 seats");
    check_wrong(vec![row(501)], "needs 1 to 500 seats");
    check_wrong(vec![row(5), row(5)], "section A stands in it twice");
    check_wrong(vec![section("A", 1, &[("1", 5), ("1", 5)])], "has row 1 twice");
    let names: Vec<String> = (0..200).map(|row| row.to_string()).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), 1)).collect();
    check_wrong(vec![section("A", 1, &rows)], "more than 199 rows");
    let many = (0..401).map(|number| section(&number.to_string(), 1, &[("1", 1)]));
    check_wrong(many.collect(), "400 sections at most");
    let crowded = |number: u32| {
        let rows: Vec<_> = names.iter().take(199).map(|name| (name.as_str(), 500)).collect();
        section(&number.to_string(), 1, &rows)
    };
    check_wrong((0..3).map(crowded).collect(), "200000 seats at most");
    let mut listed = row(2);
    listed.rows[0].names = SeatNames::Listed(vec!["x".into(), "x".into()]);
    check_wrong(vec![listed], "two of its seats have one name");
    let mut listed = row(2);
    listed.rows[0].names = SeatNames::Listed(vec!["x".into()]);
    check_wrong(vec![listed], "one name a seat");
    let mut standing = row(2);
    standing.rows[0].names = SeatNames::Numbers { first: 1, step: 0 };
    check_wrong(vec![standing], "all have one number");
}

/// A seat reads as people look for it.
#[test]
fn a_seat_in_words() {
    let mut map = seat_map(vec![section("B", 1, &[("4", 12)])]).numbered_like(None).unwrap();
    assert_eq!(map.display(seat(1, 1, 11)).as_deref(), Some("Section B, row 4, seat 12"));
    map.sections[0].rows[0].names = SeatNames::Numbers { first: 30, step: 2 };
    assert_eq!(map.display(seat(1, 1, 11)).as_deref(), Some("Section B, row 4, seat 52"));
    for unknown in [seat(1, 1, 12), seat(1, 2, 0), seat(2, 1, 0), 0, u32::MAX] {
        assert_eq!(map.display(unknown), None);
    }
}

/// A map that is drawn anew under an event that sells: who has a seat keeps it, new seats are
/// free once the event is set up again, and one that takes seats away is refused.
#[test]
fn an_event_follows_its_map() {
    use domain::catalogue::CatalogueItem;
    use domain::ids::SeatBlockId;
    use domain::seating::{SeatState, SectionSeats};
    let mut stadium = Stadium::new();
    let buyer = super::stadium::device("one");
    let held = stadium.hold(&buyer, &[seat(SECTION_A, 2, 3)]);
    let larger =
        seat_map(vec![section("A", 1, &[("2", 12), ("1", 10)]), section("B", 1, &[("1", 6)])]);
    let seats = SectionSeats {
        block: SeatBlockId(1),
        event: crate::common::EVENT,
        venue: super::stadium::VENUE,
        section: SECTION_A,
    };
    let items = vec![CatalogueItem::SeatMap(larger), CatalogueItem::SectionSeats(seats)];
    stadium.club.change(items).unwrap();
    assert_eq!(stadium.state(seat(SECTION_A, 2, 3)), SeatState::Reserved(held.id));
    assert_eq!(stadium.state(seat(SECTION_A, 2, 11)), SeatState::Free);
    let smaller = seat_map(vec![section("A", 1, &[("1", 10)])]);
    let refused = stadium.club.change(vec![CatalogueItem::SeatMap(smaller)]);
    assert_eq!(code(refused), Code::ValidationFailed);
    let nowhere = SectionSeats { venue: VenueId(99), ..seats };
    let refused: Result<u64, Halt> =
        stadium.club.change(vec![CatalogueItem::SectionSeats(nowhere)]);
    assert_eq!(code(refused), Code::ValidationFailed);
}
