//! The seats of one section at one event, and who has each.

use serde::{Deserialize, Serialize};

use super::map::{SeatPlace, Section};
use crate::facts::Key;
use crate::ids::{EventId, ReservationId, SaleId, SeatBlockId, Shard};
use crate::record::Kind;

/// Who has a seat; see the table of [`super`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeatState {
    /// Nobody.
    Free,
    /// The organiser does not sell it.
    Blocked,
    /// A buyer, for minutes.
    Reserved(ReservationId),
    /// A sale that waits for its money.
    Held(SaleId),
    /// A sale.
    Sold(SaleId),
}

/// The seats of one section at one event.
///
/// It is written whole whenever one of its seats changes hands, so what is stored is short: seats
/// as runs of equal ones, rows as lists of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatBlock {
    /// The seller.
    pub shard: Shard,
    /// Its number.
    pub id: SeatBlockId,
    /// The event.
    pub event: EventId,
    /// The section's number in the venue.
    pub section: u32,
    /// Its rows, the best first.
    pub rows: Vec<BlockRow>,
    /// How many seats are free.
    pub free: u32,
    #[serde(with = "super::runs")]
    seats: Vec<SeatState>,
}

/// A row, as far as finding seats needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredRow", into = "StoredRow")]
pub struct BlockRow {
    /// Its number in the section.
    pub number: u16,
    /// How many seats it has.
    pub count: u16,
    /// How good it is; rows of a lower rank are sold first.
    pub rank: u32,
    /// After how many seats there is an aisle.
    pub aisles: Vec<u16>,
}

/// Number, count, rank, aisles.
type StoredRow = (u16, u16, u32, Vec<u16>);

impl From<StoredRow> for BlockRow {
    fn from((number, count, rank, aisles): StoredRow) -> BlockRow {
        BlockRow { number, count, rank, aisles }
    }
}

impl From<BlockRow> for StoredRow {
    fn from(row: BlockRow) -> StoredRow {
        (row.number, row.count, row.rank, row.aisles)
    }
}

impl SeatBlock {
    /// The seats of `section` at an event, all free.
    #[must_use]
    pub fn new(shard: Shard, id: SeatBlockId, event: EventId, section: &Section) -> SeatBlock {
        let mut block = SeatBlock {
            shard,
            id,
            event,
            section: section.number,
            rows: Vec::new(),
            free: 0,
            seats: Vec::new(),
        };
        block.redraw(section);
        block
    }

    /// Where a block lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: SeatBlockId) -> Key {
        Key::number(shard, Kind::SeatBlock, id.0)
    }

    /// Takes over the rows of a section that was drawn anew: new seats are free, what somebody
    /// has stays theirs.
    pub fn redraw(&mut self, section: &Section) {
        let mut seats = Vec::with_capacity(self.seats.len());
        for row in &section.rows {
            for index in 0..row.count {
                let place = SeatPlace { section: self.section, row: row.number, index };
                seats.push(self.state(place.seat()).unwrap_or(SeatState::Free));
            }
        }
        let rows = section.rows.iter().map(|row| BlockRow {
            number: row.number,
            count: row.count,
            rank: row.rank,
            aisles: row.aisles.clone(),
        });
        self.rows = rows.collect();
        self.free = count_free(&seats);
        self.seats = seats;
    }

    /// Who has a seat; `None` when there is no such seat here.
    #[must_use]
    pub fn state(&self, seat: u32) -> Option<SeatState> {
        self.index(seat).and_then(|index| self.seats.get(index)).copied()
    }

    /// Hands a seat on, if it is as `from` says; answers whether it was.
    pub fn change(&mut self, seat: u32, from: SeatState, to: SeatState) -> bool {
        let index = self.index(seat);
        let Some(state) = index.and_then(|index| self.seats.get_mut(index)) else { return false };
        if *state != from {
            return false;
        }
        *state = to;
        self.free -= u32::from(from == SeatState::Free);
        self.free += u32::from(to == SeatState::Free);
        true
    }

    /// Each row with its seats, the best first.
    pub fn by_row(&self) -> impl Iterator<Item = (&BlockRow, &[SeatState])> {
        let mut rest = self.seats.as_slice();
        self.rows.iter().map(move |row| {
            let (seats, after) = rest.split_at(rest.len().min(row.count.into()));
            rest = after;
            (row, seats)
        })
    }

    /// Each seat with who has it.
    pub fn seats(&self) -> impl Iterator<Item = (u32, SeatState)> {
        self.by_row().flat_map(|(row, states)| {
            (0..row.count).zip(states).map(|(index, state)| (self.seat(row, index), *state))
        })
    }

    /// The published number of a seat.
    #[must_use]
    pub fn seat(&self, row: &BlockRow, index: u16) -> u32 {
        SeatPlace { section: self.section, row: row.number, index }.seat()
    }

    /// Whether [`SeatBlock::free`] and the rows fit the seats.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let seats: usize = self.rows.iter().map(|row| usize::from(row.count)).sum();
        seats == self.seats.len() && self.free == count_free(&self.seats)
    }

    fn index(&self, seat: u32) -> Option<usize> {
        let place = SeatPlace::of(seat);
        if place.section != self.section {
            return None;
        }
        let mut start = 0;
        for row in &self.rows {
            if row.number == place.row {
                return (place.index < row.count).then(|| start + usize::from(place.index));
            }
            start += usize::from(row.count);
        }
        None
    }
}

fn count_free(seats: &[SeatState]) -> u32 {
    let free = seats.iter().filter(|state| **state == SeatState::Free).count();
    u32::try_from(free).unwrap_or(u32::MAX)
}
