//! Best available: the seats a buyer would be offered at the window.
//!
//! Candidates come in this order. First places together in one row that leave no single seat
//! between others, then those that do leave one. Within both: the row of the lowest rank, the
//! section and the row that stand first in the map, the place nearest to the row's middle. Every
//! run of free seats is one candidate, so the next candidate is somewhere else. Last, where the
//! buyer allows it, come places that are split over rows.

use std::collections::HashSet;

use super::block::{BlockRow, SeatBlock, SeatState};
use super::{RESERVATION_SEATS_MAX, SeatAddress};

/// What a buyer looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// How many seats, 1 to [`RESERVATION_SEATS_MAX`].
    pub quantity: u16,
    /// They need not be beside each other.
    pub may_split: bool,
    /// How many better candidates are passed over.
    pub skip: u32,
}

/// What there is for a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The seats, row by row; empty when there are no more candidates than were passed over.
    pub seats: Vec<SeatAddress>,
    /// How many candidates there are.
    pub candidates: u32,
}

/// Free seats beside each other, in one row and on one side of an aisle.
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    block: &'a SeatBlock,
    block_index: usize,
    row: &'a BlockRow,
    row_index: usize,
    start: u16,
    length: u16,
}

/// Smaller is better. The numbers at the end say where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    leaves_single: bool,
    rank: u32,
    block_index: usize,
    row_index: usize,
    from_middle: u16,
    start: u16,
}

/// The seats that fit a wish best. The blocks come in the order of their sections in the map.
#[must_use]
pub fn best_available(blocks: &[&SeatBlock], wish: &Wish) -> Offered {
    if !(1..=RESERVATION_SEATS_MAX).contains(&usize::from(wish.quantity)) {
        return Offered { seats: Vec::new(), candidates: 0 };
    }
    let mut together = candidates(blocks, wish.quantity);
    let splits = if wish.may_split { splits(blocks, &together, wish.quantity) } else { Vec::new() };
    let skip = wish.skip as usize;
    let seats = if skip < together.len() {
        let (_, chosen, _) = together.select_nth_unstable(skip);
        seats_of(blocks, *chosen, wish.quantity)
    } else {
        let chosen = splits.get(skip - together.len());
        chosen.map_or_else(Vec::new, |scope| split(scope, wish.quantity))
    };
    Offered { seats, candidates: count(together.len() + splits.len()) }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn candidates(blocks: &[&SeatBlock], quantity: u16) -> Vec<Candidate> {
    let enough = |block: &SeatBlock| block.free >= u32::from(quantity);
    let mut candidates = Vec::new();
    for (block_index, block) in blocks.iter().enumerate().filter(|(_, block)| enough(block)) {
        each_run(block, block_index, &mut |run| {
            if run.length >= quantity {
                candidates.push(run.candidate(quantity));
            }
        });
    }
    candidates
}

fn each_run<'a>(block: &'a SeatBlock, block_index: usize, found: &mut impl FnMut(Run<'a>)) {
    for (row_index, (row, states)) in block.by_row().enumerate() {
        let mut aisles = row.aisles.iter().copied().peekable();
        let mut length = 0;
        for (index, state) in (0..row.count).zip(states) {
            let mut end = |length: u16| {
                if length > 0 {
                    let start = index - length;
                    found(Run { block, block_index, row, row_index, start, length });
                }
            };
            if aisles.next_if_eq(&index).is_some() {
                end(length);
                length = 0;
            }
            if *state == SeatState::Free {
                length += 1;
            } else {
                end(length);
                length = 0;
            }
        }
        if length > 0 {
            let start = row.count - length;
            found(Run { block, block_index, row, row_index, start, length });
        }
    }
}

impl Run<'_> {
    /// The best place within the run: no single seat left on either side if that can be, then
    /// as near to the middle of the row as can be.
    fn candidate(&self, quantity: u16) -> Candidate {
        let place = |offset: u16| {
            let (before, after) = (offset, self.length - quantity - offset);
            let start = self.start + offset;
            // Twice the distance between the two middles.
            let from_middle = (2 * start + quantity).abs_diff(self.row.count);
            (before == 1 || after == 1, from_middle, start)
        };
        let best = (0..=self.length - quantity).map(place).min();
        let (leaves_single, from_middle, start) = best.unwrap_or((true, u16::MAX, self.start));
        let Run { block_index, row_index, .. } = *self;
        let rank = self.row.rank;
        Candidate { leaves_single, rank, block_index, row_index, from_middle, start }
    }

    fn seats(&self, start: u16, quantity: u16) -> impl Iterator<Item = SeatAddress> {
        let address =
            |index| SeatAddress { block: self.block.id, seat: self.block.seat(self.row, index) };
        (start..start + quantity).map(address)
    }
}

fn seats_of(blocks: &[&SeatBlock], chosen: Candidate, quantity: u16) -> Vec<SeatAddress> {
    let Some(block) = blocks.get(chosen.block_index) else { return Vec::new() };
    let Some(row) = block.rows.get(chosen.row_index) else { return Vec::new() };
    let seats = chosen.start..chosen.start + quantity;
    seats.map(|index| SeatAddress { block: block.id, seat: block.seat(row, index) }).collect()
}

/// Where a wish can be split: each section with enough seats but not enough beside each other, the
/// best first; where no section has enough, all of them together.
fn splits<'a>(
    blocks: &[&'a SeatBlock],
    together: &[Candidate],
    quantity: u16,
) -> Vec<Vec<&'a SeatBlock>> {
    let needed = u32::from(quantity);
    let whole: HashSet<usize> = together.iter().map(|candidate| candidate.block_index).collect();
    let parted = blocks.iter().enumerate().filter(|(index, _)| !whole.contains(index));
    let mut sections: Vec<_> =
        parted.map(|(_, block)| *block).filter(|block| block.free >= needed).collect();
    sections.sort_by_key(|block| block.rows.iter().map(|row| row.rank).min());
    let free: u32 = blocks.iter().map(|block| block.free).sum();
    if sections.is_empty() && together.is_empty() && free >= needed {
        return vec![blocks.to_vec()];
    }
    sections.into_iter().map(|block| vec![block]).collect()
}

/// As few parts as can be, in the best rows for that, and nobody alone who need not be.
fn split(scope: &[&SeatBlock], quantity: u16) -> Vec<SeatAddress> {
    let mut runs = Vec::new();
    for (block_index, block) in scope.iter().enumerate() {
        each_run(block, block_index, &mut |run| runs.push(run));
    }
    runs.sort_by_key(|run| (run.row.rank, run.block_index, run.row_index, run.start));
    let mut seats = Vec::new();
    let mut missing = quantity;
    while missing > 0 {
        // Of equal ones the first, which is the best.
        let largest = (0..runs.len()).rev().max_by_key(|index| runs[*index].length.min(missing));
        let Some(run) = largest.map(|index| runs.remove(index)) else { return Vec::new() };
        let mut part = run.length.min(missing);
        let pairs_left = runs.iter().any(|run| run.length >= 2);
        if missing - part == 1 && part > 2 && pairs_left {
            part -= 1;
        }
        seats.extend(run.seats(run.start, part));
        missing -= part;
    }
    seats
}
