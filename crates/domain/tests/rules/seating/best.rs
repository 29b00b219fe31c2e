//! Best available, as tables of pictures: `.` a free seat, `x` one that is not, `|` an aisle.

use domain::ids::{EventId, SaleId, SeatBlockId};
use domain::seating::{SeatBlock, SeatState, Wish, best_available};

use crate::common::SHARD;
use crate::seating::stadium::{seat, seat_map, section};

/// Sections are separated by `/`, rows by a blank; the first is the best.
fn blocks(picture: &str) -> Vec<SeatBlock> {
    let mut sections = Vec::new();
    for (index, drawn) in picture.split('/').enumerate() {
        let rows: Vec<&str> = drawn.split_whitespace().collect();
        let names: Vec<String> = (1..=rows.len()).map(|row| row.to_string()).collect();
        let counts = names
            .iter()
            .zip(&rows)
            .map(|(name, row)| (name.as_str(), u16::try_from(row.replace('|', "").len()).unwrap()));
        let rank = u32::try_from(index).unwrap();
        let mut drawn = section(&index.to_string(), rank, &counts.collect::<Vec<_>>());
        for (row, picture) in drawn.rows.iter_mut().zip(&rows) {
            let aisles = picture.match_indices('|').enumerate();
            row.aisles = aisles.map(|(n, (at, _))| u16::try_from(at - n).unwrap()).collect();
        }
        sections.push(drawn);
    }
    let map = seat_map(sections).numbered_like(None).unwrap();
    let sections = map.sections.iter().zip(picture.split('/'));
    sections
        .map(|(section, drawn)| {
            let id = SeatBlockId(section.number);
            let mut block = SeatBlock::new(SHARD, id, EventId(1), section);
            for (row, picture) in (1..).zip(drawn.split_whitespace()) {
                for (index, state) in (0..).zip(picture.replace('|', "").chars()) {
                    if state == 'x' {
                        let seat = seat(section.number, row, index);
                        assert!(block.change(seat, SeatState::Free, SeatState::Sold(SaleId(1))));
                    }
                }
            }
            block
        })
        .collect()
}

/// The same picture with the found seats as `O`.
fn found(picture: &str, wish: &Wish) -> (String, u32) {
    let blocks = blocks(picture);
    let offered = best_available(&blocks.iter().collect::<Vec<_>>(), wish);
    let (mut section, mut row, mut index) = (1, 1, 0);
    let drawn = picture.chars().map(|letter| {
        let here = seat(section, row, index);
        match letter {
            '/' => (section, row, index) = (section + 1, 1, 0),
            ' ' => (row, index) = (row + 1, 0),
            '|' => {}
            _ => index += 1,
        }
        let taken = offered.seats.iter().any(|address| address.seat == here);
        if taken && letter == '.' { 'O' } else { letter }
    });
    (drawn.collect(), offered.candidates)
}

#[track_caller]
fn check(picture: &str, quantity: u16, skip: u32, expected: &str, candidates: u32) {
    let wish = Wish { quantity, may_split: false, skip };
    assert_eq!(found(picture, &wish), (expected.into(), candidates), "{picture} {wish:?}");
}

#[track_caller]
fn check_split(picture: &str, quantity: u16, skip: u32, expected: &str, candidates: u32) {
    let wish = Wish { quantity, may_split: true, skip };
    assert_eq!(found(picture, &wish), (expected.into(), candidates), "{picture} {wish:?}");
}

/// The best row comes first, and in it the place nearest to the middle.
#[test]
fn the_best_row_and_its_middle_come_first() {
    check("....... .......", 1, 0, "...O... .......", 2);
    check("........ ........", 2, 0, "...OO... ........", 2);
    check("........ ........", 2, 1, "........ ...OO...", 2);
    check("xxxxxxxx ........", 4, 0, "xxxxxxxx ..OOOO..", 1);
    check("........", 8, 0, "OOOOOOOO", 1);
    check("........", 9, 0, "........", 0);
    check("....../......", 2, 0, "..OO../......", 2);
    check("xxxxxx/......", 2, 0, "xxxxxx/..OO..", 1);
    check(".....x./.......", 6, 0, ".....x./OOOOOO.", 1);
}

/// Nobody is left to sit alone between others while there is another place, even in a worse row.
#[test]
fn no_single_seat_is_left_over() {
    check("..... .....", 2, 0, "OO... .....", 2);
    check("...x", 2, 0, ".OOx", 1);
    check("...x ....", 2, 0, "...x OO..", 2);
    check("...xx ..xxx", 2, 0, "...xx OOxxx", 2);
    check("x....x", 3, 0, "xOOO.x", 1);
    check("x...x x.....x", 2, 0, "x...x xOO...x", 2);
    check("x.x", 1, 0, "xOx", 1);
    check("x..x", 1, 0, "xO.x", 1);
}

/// What was passed over is found in order, without repeats, until there is no more.
#[test]
fn the_next_candidates_are_elsewhere() {
    let picture = "..x...x.. ..xx..x..";
    let mut seen = std::collections::BTreeSet::new();
    let (_, candidates) = found(picture, &Wish { quantity: 2, may_split: false, skip: 0 });
    for skip in 0..candidates {
        let wish = Wish { quantity: 2, may_split: false, skip };
        let (drawn, again) = found(picture, &wish);
        assert_eq!((drawn.matches('O').count(), again), (2, candidates), "{drawn}");
        assert!(seen.insert(drawn.clone()), "{drawn} twice");
    }
    check(picture, 2, candidates, picture, candidates);
}

/// Seats on two sides of an aisle are not beside each other.
#[test]
fn an_aisle_parts_seats() {
    check("..|..", 3, 0, "..|..", 0);
    check("..|...", 3, 0, "..|OOO", 1);
    check("....|....", 2, 0, "..OO|....", 2);
}

/// Where the buyer allows it, and only after all places together, seats are split into few parts
/// of one section, and nobody sits alone who need not.
#[test]
fn a_split_is_the_last_choice() {
    check_split("....", 2, 0, "OO..", 1);
    check_split("..../..x", 2, 2, "..../..x", 2);
    check_split("..x..", 4, 0, "OOxOO", 1);
    check_split("...x... .....", 6, 0, "OO.x... OOOO.", 1);
    check_split("...x...", 4, 0, "OO.xOO.", 1);
    check_split("..x../...x.", 4, 0, "OOxOO/...x.", 2);
    check_split("..x../...x.", 4, 1, "..x../OOOxO", 2);
    check_split("..x/..x", 3, 0, "OOx/O.x", 1);
    check_split("..x/..x", 5, 0, "..x/..x", 0);
    check_split("x.x", 2, 0, "x.x", 0);
}

/// Wishes for nothing and for more than a reservation holds find nothing.
#[test]
fn quantities_are_bounded() {
    let row = ".".repeat(60);
    for quantity in [0, 51, u16::MAX] {
        check_split(&row, quantity, 0, &row, 0);
    }
    check("", 1, u32::MAX, "", 0);
}
