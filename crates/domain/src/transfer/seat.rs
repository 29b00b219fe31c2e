//! The seat of a ticket that moves to an event with numbered seats.

use super::route::TargetLine;
use crate::facts::{Facts, Halt};
use crate::ids::SaleId;
use crate::offer::Offer;
use crate::refusal::{Code, Refusal};
use crate::seating::{self, SeatAddress, SeatBlock};

/// Whether the seat that was named, if any, fits the event (`domain.md` §4.1 `toSeatId`).
pub(super) fn check_seat(
    target: &Offer,
    lines: &[TargetLine<'_>],
    seat: Option<u32>,
) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(code, message));
    if !target.event.seats_numbered {
        return match seat {
            Some(_) => refuse(Code::SeatNotAllowed, "Seats of that event have no numbers."),
            None => Ok(()),
        };
    }
    if lines.iter().map(|line| line.priced.count).sum::<u32>() > 1 {
        let message = "A ticket of several admissions cannot move to numbered seats; split it.";
        return refuse(Code::MultiAdmissionNotSupported, message);
    }
    match seat {
        Some(_) => Ok(()),
        None => refuse(Code::SeatRequired, "Seats of that event are numbered; choose one."),
    }
}

/// Whether the wanted type is sold where a seat is.
pub(super) fn check_section(seat: SeatAddress, lines: &[TargetLine<'_>]) -> Result<(), Refusal> {
    let sections = lines.first().map(|line| line.priced.price_row.sections.as_slice());
    seating::check_section(seat, sections.unwrap_or_default())
}

/// Takes the seat for a sale that is not live yet.
pub(super) fn hold(
    target: &Offer,
    lines: &[TargetLine<'_>],
    seat: Option<u32>,
    sale: SaleId,
    facts: &mut Facts<'_>,
) -> Result<Vec<SeatAddress>, Halt> {
    let (Some(seat), Some(line)) = (seat, lines.first()) else { return Ok(Vec::new()) };
    let sections = &line.priced.price_row.sections;
    Ok(vec![seating::take_one(facts, &target.event, seat, sections, sale, false)?])
}

/// How many numbered seats are free for the type; `None` where seats have no numbers.
pub(super) fn free_seats(
    target: &Offer,
    lines: &[TargetLine<'_>],
    facts: &Facts<'_>,
) -> Result<Option<u32>, Halt> {
    if !target.event.seats_numbered {
        return Ok(None);
    }
    let rows = lines.first().map(|line| line.priced.price_row);
    let mut free = 0;
    for id in rows.iter().flat_map(|row| target.event.blocks_of(row)) {
        let block = facts.look::<SeatBlock>(SeatBlock::key_of(target.shard(), id))?;
        free += block.map_or(0, |block| block.free);
    }
    Ok(Some(free))
}
