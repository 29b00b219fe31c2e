//! Seats for an order: which admission gets which of the reserved seats, and taking them
//! (`domain.md` §3.1 `seatReservationTokenId`, §3.4 `seatId`).

use super::SeatAddress;
use super::block::{SeatBlock, SeatState};
use super::map::SeatPlace;
use super::reservation::{Reservation, ReservationState, SeatBuyer, check_live, find};
use super::taken::hand_on;
use crate::catalogue::Event;
use crate::facts::{Facts, Halt};
use crate::ids::{EventId, ReservationId, SaleId, SeatBlockId, Shard};
use crate::refusal::{Code, Refusal};
use crate::sale::Buyer;
use crate::time::Timestamp;
use crate::token::Token;

/// The seats an order asks for.
#[derive(Clone, Copy, Debug)]
pub struct SeatsWanted<'a> {
    /// The seller.
    pub shard: Shard,
    /// The event, whose seats are numbered.
    pub event: EventId,
    /// The reservation's handle, as the order sent it.
    pub reservation: Option<Token>,
    /// Who orders.
    pub buyer: &'a Buyer,
    /// For each admission the sections in which its type is sold; empty for all.
    pub sections: &'a [&'a [SeatBlockId]],
    /// For each admission the seat that was chosen for it; may be shorter.
    pub chosen: &'a [Option<u32>],
}

/// Finds each admission's seat, and changes nothing.
///
/// # Errors
/// [`Code::SeatReservationRequired`], [`Code::ReservationNotFound`], [`Code::ReservationExpired`],
/// [`Code::PaymentPending`] while another order of the same seats is being paid,
/// [`Code::SeatCountMismatch`], [`Code::SeatTaken`] for a chosen seat that is not reserved,
/// [`Code::ValidationFailed`] for one that is chosen twice, [`Code::TicketTypeNotAvailable`] when
/// the seats do not lie in the sections of the types.
pub fn choose_seats(
    facts: &Facts<'_>,
    wanted: &SeatsWanted<'_>,
    now: Timestamp,
) -> Result<Vec<SeatAddress>, Halt> {
    let reservation = live(facts, wanted, now)?;
    Ok(assign(&reservation.seats, wanted)?)
}

/// Takes each admission's seat for a sale: held, or sold where nothing is to pay. The sale's
/// `reservation` is the number in the token.
///
/// # Errors
/// As [`choose_seats`].
pub fn take_for_sale(
    facts: &mut Facts<'_>,
    wanted: &SeatsWanted<'_>,
    sale: SaleId,
    sold_at_once: bool,
    now: Timestamp,
) -> Result<Vec<SeatAddress>, Halt> {
    let mut reservation = live(facts, wanted, now)?;
    let seats = assign(&reservation.seats, wanted)?;
    let to = if sold_at_once { SeatState::Sold(sale) } else { SeatState::Held(sale) };
    hand_on(facts, wanted.shard, &seats, SeatState::Reserved(reservation.id), to)?;
    reservation.sale = Some(sale);
    if sold_at_once {
        reservation.finish(ReservationState::Used, facts)?;
    } else {
        reservation.state = ReservationState::Ordered;
        reservation.keep_for_order(now);
    }
    facts.put(reservation);
    Ok(seats)
}

/// The sale that has the seats of a reservation: a second order with the same handle is that one.
///
/// # Errors
/// [`Halt::Missing`]
pub fn sale_of(facts: &Facts<'_>, token: Token) -> Result<Option<SaleId>, Halt> {
    let key = Reservation::key_of(token.shard, ReservationId(token.number));
    let found = facts.look::<Reservation>(key)?;
    Ok(found.filter(|found| found.secret.matches(&token.secret)).and_then(|found| found.sale))
}

/// Takes one free seat for a sale directly: held, or sold where nothing is to pay.
///
/// # Errors
/// [`Code::SeatTaken`] when it is not free or there is no such seat,
/// [`Code::TicketTypeNotAvailable`] when it lies outside `sections` and those are not empty.
pub fn take_one(
    facts: &mut Facts<'_>,
    event: &Event,
    seat: u32,
    sections: &[SeatBlockId],
    sale: SaleId,
    sold_at_once: bool,
) -> Result<SeatAddress, Halt> {
    let taken =
        || Refusal::new(Code::SeatTaken, format!("Seat {seat} is not free or does not exist."));
    let block = event.seat_block(SeatPlace::of(seat).section).ok_or_else(taken)?;
    let address = SeatAddress { block, seat };
    check_section(address, sections)?;
    let to = if sold_at_once { SeatState::Sold(sale) } else { SeatState::Held(sale) };
    let block = facts.edit::<SeatBlock>(SeatBlock::key_of(event.organiser, block))?;
    match block.is_some_and(|block| block.change(seat, SeatState::Free, to)) {
        true => Ok(address),
        false => Err(taken().into()),
    }
}

/// Whether a ticket type that is sold in `sections`, or everywhere if there are none, may have a
/// seat.
///
/// # Errors
/// [`Code::TicketTypeNotAvailable`]
pub(crate) fn check_section(address: SeatAddress, sections: &[SeatBlockId]) -> Result<(), Refusal> {
    if is_allowed(address, sections) { Ok(()) } else { Err(elsewhere()) }
}

fn live(facts: &Facts<'_>, wanted: &SeatsWanted<'_>, now: Timestamp) -> Result<Reservation, Halt> {
    let token = wanted.reservation.ok_or_else(|| {
        let message = "Seats of this event are numbered; reserve seats first.";
        Refusal::new(Code::SeatReservationRequired, message)
    })?;
    let buyer = SeatBuyer::of(wanted.buyer);
    let reservation = find(facts, token, wanted.event, wanted.shard, &buyer)?;
    check_live(&reservation, now)?;
    Ok(reservation)
}

fn is_allowed(address: SeatAddress, sections: &[SeatBlockId]) -> bool {
    sections.is_empty() || sections.contains(&address.block)
}

fn elsewhere() -> Refusal {
    let message = "A ticket type of this order is not sold in the section of its seat.";
    Refusal::new(Code::TicketTypeNotAvailable, message)
}

fn assign(reserved: &[SeatAddress], wanted: &SeatsWanted<'_>) -> Result<Vec<SeatAddress>, Refusal> {
    let admissions = wanted.sections.len();
    if reserved.len() != admissions {
        let message = format!("{} seats are reserved for {admissions} admissions.", reserved.len());
        return Err(Refusal::new(Code::SeatCountMismatch, message));
    }
    let chosen = check_chosen(reserved, wanted.chosen)?;
    let fits = |admission: usize, seat: usize| {
        let own = chosen.get(admission).copied().flatten();
        let is_own = own.map_or_else(|| !chosen.contains(&Some(seat)), |own| own == seat);
        is_own && is_allowed(reserved[seat], wanted.sections[admission])
    };
    let mut admission_of = vec![None; admissions];
    for admission in 0..admissions {
        let mut tried = vec![false; admissions];
        if !find_seat(admission, &fits, &mut admission_of, &mut tried) {
            return Err(elsewhere());
        }
    }
    let mut seat_of: Vec<usize> = (0..admissions).collect();
    seat_of.sort_by_key(|seat| admission_of[*seat]);
    put_in_order(&mut seat_of, &chosen, wanted.sections);
    Ok(seat_of.into_iter().map(|seat| reserved[seat]).collect())
}

/// Admissions that may sit in the same sections and chose nothing get their seats in the order of
/// the reservation.
fn put_in_order(seat_of: &mut [usize], chosen: &[Option<usize>], sections: &[&[SeatBlockId]]) {
    let has_chosen = |admission: usize| chosen.get(admission).copied().flatten().is_some();
    for later in (0..seat_of.len()).filter(|later| !has_chosen(*later)) {
        for earlier in (0..later).filter(|earlier| !has_chosen(*earlier)) {
            if sections[earlier] == sections[later] && seat_of[earlier] > seat_of[later] {
                seat_of.swap(earlier, later);
            }
        }
    }
}

/// The chosen seats as places among the reserved ones.
fn check_chosen(
    reserved: &[SeatAddress],
    chosen: &[Option<u32>],
) -> Result<Vec<Option<usize>>, Refusal> {
    let mut found: Vec<Option<usize>> = Vec::new();
    for seat in chosen {
        let place = seat.map(|seat| {
            reserved.iter().position(|address| address.seat == seat).ok_or_else(|| {
                Refusal::new(Code::SeatTaken, format!("Seat {seat} is not in the reservation."))
            })
        });
        let place = place.transpose()?;
        if place.is_some() && found.contains(&place) {
            let message = "One seat was chosen for two admissions.";
            return Err(Refusal::new(Code::ValidationFailed, message));
        }
        found.push(place);
    }
    Ok(found)
}

/// Finds a seat for an admission: the first free one that fits, or one whose admission can move
/// (augmenting paths), so that all are seated whenever that is possible.
fn find_seat(
    admission: usize,
    fits: &impl Fn(usize, usize) -> bool,
    admission_of: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    let seats = 0..admission_of.len();
    let free = seats.clone().find(|seat| admission_of[*seat].is_none() && fits(admission, *seat));
    if let Some(seat) = free {
        admission_of[seat] = Some(admission);
        return true;
    }
    for seat in seats {
        let Some(other) = admission_of[seat].filter(|_| !tried[seat] && fits(admission, seat))
        else {
            continue;
        };
        tried[seat] = true;
        if find_seat(other, fits, admission_of, tried) {
            admission_of[seat] = Some(admission);
            return true;
        }
    }
    false
}
