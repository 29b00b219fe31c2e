//! Numbered seats: where they are, who has them, and holds of minutes (`domain.md` §7.4).
//!
//! A seat at an event is with one of these at every instant:
//!
//! | who has it | becomes | by |
//! |---|---|---|
//! | nobody (*Free*) | Reserved | [`FindSeats`], [`ReserveSeats`] |
//! | | Held, Sold | a transfer ([`take_one`]), a late approval (`retake`) |
//! | | Blocked | the organiser ([`BlockSeats`]) |
//! | a buyer for minutes (*Reserved*) | Free | [`ReleaseSeats`], [`ExpireReservation`] |
//! | | Held, or Sold where nothing is to pay | an order ([`take_for_sale`]) |
//! | a sale that waits for money (*Held*) | Sold | the money came (`settle`) |
//! | | Reserved, or Free when the hold is over | it did not (`release`) |
//! | a sale (*Sold*) | Free | refund, transfer ([`give_back_seats`]) |
//! | the organiser (*Blocked*) | Free | [`BlockSeats`] |
//!
//! An order calls [`choose_seats`] where it checks and [`take_for_sale`] where it takes; a transfer
//! calls [`take_one`]; a part of a sale is given back by [`give_back_seats`].
//!
//! All changes go through [`SeatBlock::change`], which names who has the seat and who gets it. A
//! hold is a [`Reservation`] with a state of its own; what a sale takes after its placing stands in
//! `taken.rs` and is called by the sale's transitions only.

mod best;
mod block;
mod change;
mod map;
mod order;
mod reservation;
mod reserve;
mod runs;
mod taken;

use serde::{Deserialize, Serialize};

pub use self::best::{Offered, Wish, best_available};
pub use self::block::{BlockRow, SeatBlock, SeatState};
pub(crate) use self::change::draw;
pub use self::change::{BLOCK_SEATS_MAX, BlockSeats, SeatsBlocked, SectionSeats};
pub use self::map::{
    ROW_SEATS_MAX, Row, RowPlace, SECTION_ROWS_MAX, SeatMap, SeatNames, SeatPlace, Section,
    VENUE_SEATS_MAX, VENUE_SECTIONS_MAX,
};
pub(crate) use self::order::check_section;
pub use self::order::{SeatsWanted, choose_seats, sale_of, take_for_sale, take_one};
pub use self::reservation::{RESERVATIONS_LIVE_MAX, Reservation, ReservationState, SeatBuyer};
pub use self::reserve::{
    ExpireReservation, FindSeats, ReleaseSeats, ReserveSeats, Reserved, SeatRequest,
};
pub use self::taken::give_back_seats;
pub(crate) use self::taken::{are_free, give_back, hand_over, release, retake, settle};
use crate::ids::SeatBlockId;

/// The most seats one reservation holds: as many as one order has admissions (`domain.md` §1.7).
pub const RESERVATION_SEATS_MAX: usize = 50;

/// One seat at one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeatAddress {
    /// The section's seats at the event.
    pub block: SeatBlockId,
    /// The published number of the seat, unique within its venue.
    pub seat: u32,
}
