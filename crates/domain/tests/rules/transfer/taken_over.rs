//! A dearer ticket that needs what the old one has: the last place of a quota, or the same seat.

use domain::ids::SaleId;
use domain::refusal::Code;
use domain::sale::SaleState;
use domain::seating::SeatState;
use domain::time::Span;
use domain::transfer::{Choice, Moved, QuoteTransfer};

use super::stage::{REMATCH, Stage, gateway, types};
use crate::common::{ADULT, EVENT, GROUND, SHARD, TERRACE, approved, code};
use crate::seating::stadium::{SECTION_A, Stadium, device, seat};

/// The last place of a quota that both events share stays with the old ticket until the difference
/// is paid, and with it when nobody pays.
#[test]
fn the_last_place_goes_over() {
    for is_paid in [true, false] {
        let mut stage = Stage::new();
        stage.club.limit(GROUND, Some(1)).unwrap();
        let sale = stage.buy();
        let choice = Choice { owner_type: Some(types(SHARD)[2]), ..Choice::default() };
        let route = stage.route(sale, REMATCH, choice);
        let quoted = stage.club.till.run(&QuoteTransfer { route }).unwrap();
        assert_eq!((quoted.quote.places_left, quoted.obstacle), (Some(1), None), "its own");
        let moved = stage.send(sale, REMATCH, types(SHARD)[2], 1_500).unwrap();
        assert_eq!(stage.club.taken(GROUND), (0, 1));
        if is_paid {
            stage.pay(&moved.transfer, gateway()).unwrap();
            stage.answer(moved.transfer.to, 1, approved());
            let new = stage.ticket(moved.transfer.to);
            assert_eq!((new.state, new.places[0].count), (SaleState::Issued, 1));
        } else {
            stage.club.till.pass(Span::hours(24));
            stage.look(&moved.transfer);
        }
        assert_eq!(stage.club.taken(GROUND), (0, 1), "paid: {is_paid}");
    }
}

const SEAT: (u32, u16, u16) = (SECTION_A, 1, 4);

/// One adult on [`SEAT`], and a move to the dearer type there.
fn seated(change: impl FnOnce(&mut Stadium)) -> (Stadium, SaleId) {
    let mut stadium = Stadium::new();
    let buyer = device("one");
    let held = stadium.hold(&buyer, &[seat(SEAT.0, SEAT.1, SEAT.2)]);
    let order = stadium.order(&buyer, Some(held.token()), &[(ADULT, 1)]);
    let sale = stadium.place(&order).unwrap().sale.id;
    stadium.club.answer(sale, 1, approved());
    change(&mut stadium);
    (stadium, sale)
}

fn to_terrace() -> Choice {
    let seat = Some(seat(SEAT.0, SEAT.1, SEAT.2));
    Choice { owner_type: Some(TERRACE), seat, ..Choice::default() }
}

fn seat_state(stage: &Stage) -> SeatState {
    let block = domain::seating::SeatBlock::key_of(SHARD, domain::ids::SeatBlockId(1));
    let block = stage.club.till.find::<domain::seating::SeatBlock>(block).unwrap();
    block.state(seat(SEAT.0, SEAT.1, SEAT.2)).unwrap()
}

/// The same for a seat: the same person sits on it all the time.
#[test]
fn the_same_seat_goes_over() {
    for is_paid in [true, false] {
        let (stadium, sale) = seated(|_| {});
        let mut stage = Stage::of(stadium.club);
        let moved: Moved = stage.send_to(sale, EVENT, to_terrace(), 1_000).unwrap();
        assert_eq!(seat_state(&stage), SeatState::Sold(sale));
        if is_paid {
            stage.pay(&moved.transfer, gateway()).unwrap();
            stage.answer(moved.transfer.to, 1, approved());
            assert_eq!(seat_state(&stage), SeatState::Sold(moved.transfer.to.id));
        } else {
            stage.club.till.pass(Span::hours(24));
            stage.look(&moved.transfer);
            assert_eq!(seat_state(&stage), SeatState::Sold(sale));
        }
    }
}

/// A type that is not sold in the seat's section does not get it, whoever has it.
#[test]
fn the_seat_must_be_one_of_the_type() {
    let (stadium, sale) = seated(|stadium| stadium.only_in_b(TERRACE));
    let mut stage = Stage::of(stadium.club);
    let refused = stage.send_to(sale, EVENT, to_terrace(), 1_000);
    assert_eq!(code(refused), Code::TicketTypeNotAvailable);
}
