//! What becomes of a sale's seats after it was placed; called by the sale's transitions only.

use super::SeatAddress;
use super::block::{SeatBlock, SeatState};
use super::reservation::{Reservation, ReservationState};
use crate::facts::{Facts, Halt};
use crate::ids::{SaleId, Shard};
use crate::sale::Sale;
use crate::time::Timestamp;

/// Gives back the seats that `sale` holds: to its reservation while that lives, else to everybody.
pub(crate) fn release(facts: &mut Facts<'_>, sale: &Sale, now: Timestamp) -> Result<(), Halt> {
    let held = SeatState::Held(sale.id);
    let reservation = reservation_of(facts, sale)?;
    let Some(mut reservation) =
        reservation.filter(|found| found.sale == Some(sale.id) && !sale.seats.is_empty())
    else {
        return hand_on(facts, sale.shard, &sale.seats, held, SeatState::Free);
    };
    reservation.sale = None;
    if now < reservation.until {
        reservation.state = ReservationState::Held;
        reservation.keep_for_order(now);
        let reserved = SeatState::Reserved(reservation.id);
        hand_on(facts, sale.shard, &sale.seats, held, reserved)?;
    } else {
        reservation.seats.clear();
        reservation.finish(ReservationState::Ended, facts)?;
        hand_on(facts, sale.shard, &sale.seats, held, SeatState::Free)?;
    }
    facts.put(reservation);
    Ok(())
}

/// Makes the seats that `sale` holds sold to it.
pub(crate) fn settle(facts: &mut Facts<'_>, sale: &Sale, _now: Timestamp) -> Result<(), Halt> {
    let (held, sold) = (SeatState::Held(sale.id), SeatState::Sold(sale.id));
    hand_on(facts, sale.shard, &sale.seats, held, sold)?;
    let reservation = reservation_of(facts, sale)?;
    if let Some(mut reservation) = reservation.filter(|found| found.sale == Some(sale.id)) {
        reservation.finish(ReservationState::Used, facts)?;
        facts.put(reservation);
    }
    Ok(())
}

/// Gives back seats that `sale` has, to everybody.
pub(crate) fn give_back(facts: &mut Facts<'_>, sale: &Sale, _now: Timestamp) -> Result<(), Halt> {
    give_back_seats(facts, sale.shard, sale.id, &sale.seats)
}

/// Gives back some of the seats that a sale has, to everybody.
///
/// # Errors
/// [`Halt::Missing`]
pub fn give_back_seats(
    facts: &mut Facts<'_>,
    shard: Shard,
    sale: SaleId,
    seats: &[SeatAddress],
) -> Result<(), Halt> {
    hand_on(facts, shard, seats, SeatState::Sold(sale), SeatState::Free)
}

/// Makes the seats that `old` still has those of the ticket that replaces it, of the same seller.
pub(crate) fn hand_over(facts: &mut Facts<'_>, old: &Sale, new: &Sale) -> Result<(), Halt> {
    let (from, to) = (SeatState::Sold(old.id), SeatState::Sold(new.id));
    hand_on(facts, old.shard, &old.seats_held(), from, to)
}

/// Whether nobody has any of the seats of `sale`, which gave them back before. A seat that went
/// back to the hold it came from counts as free: it is the same buyer's.
pub(crate) fn are_free(facts: &Facts<'_>, sale: &Sale) -> Result<bool, Halt> {
    for address in &sale.seats {
        let block = facts.look::<SeatBlock>(SeatBlock::key_of(sale.shard, address.block))?;
        match block.and_then(|block| block.state(address.seat)) {
            Some(SeatState::Free) => {}
            Some(SeatState::Reserved(id)) if sale.reservation == Some(id) => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Takes the seats of `sale` anew, as sold; only after [`are_free`].
pub(crate) fn retake(facts: &mut Facts<'_>, sale: &Sale, _now: Timestamp) -> Result<(), Halt> {
    let sold = SeatState::Sold(sale.id);
    hand_on(facts, sale.shard, &sale.seats, SeatState::Free, sold)?;
    let Some(mut reservation) = reservation_of(facts, sale)? else { return Ok(()) };
    let reserved = SeatState::Reserved(reservation.id);
    hand_on(facts, sale.shard, &sale.seats, reserved, sold)?;
    if reservation.state != ReservationState::Held {
        return Ok(());
    }
    reservation.seats.retain(|address| !sale.seats.contains(address));
    if reservation.seats.is_empty() {
        reservation.sale = Some(sale.id);
        reservation.finish(ReservationState::Used, facts)?;
    }
    facts.put(reservation);
    Ok(())
}

fn reservation_of(facts: &Facts<'_>, sale: &Sale) -> Result<Option<Reservation>, Halt> {
    let Some(id) = sale.reservation else { return Ok(None) };
    Ok(facts.look::<Reservation>(Reservation::key_of(sale.shard, id))?.cloned())
}

/// Hands on those of the seats that are as `from` says.
pub(super) fn hand_on(
    facts: &mut Facts<'_>,
    shard: Shard,
    seats: &[SeatAddress],
    from: SeatState,
    to: SeatState,
) -> Result<(), Halt> {
    for address in seats {
        let key = SeatBlock::key_of(shard, address.block);
        if let Some(block) = facts.edit::<SeatBlock>(key)? {
            block.change(address.seat, from, to);
        }
    }
    Ok(())
}
