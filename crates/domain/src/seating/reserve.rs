//! Holding seats and letting go of them: the commands around a [`Reservation`].

use std::sync::Arc;

use super::best::{Wish, best_available};
use super::block::{SeatBlock, SeatState};
use super::map::SeatPlace;
use super::reservation::{
    NewReservation, Reservation, ReservationState, SeatBuyer, check_live, find,
};
use super::taken::hand_on;
use super::{RESERVATION_SEATS_MAX, SeatAddress};
use crate::allowance::Allowance;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EventId, ReservationId, SeatBlockId, Shard, TicketTypeId};
use crate::offer::Offer;
use crate::refusal::{Code, Refusal};
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::token::{Secret, Token};

/// What every request for seats says.
#[derive(Clone, Debug)]
pub struct SeatRequest {
    /// The event as the catalogue showed it.
    pub offer: Arc<Offer>,
    /// The code for a hidden event.
    pub access_code: Option<String>,
    /// The hold to go on with; a new one is made without it.
    pub reservation: Option<Token>,
    /// Who asks.
    pub buyer: SeatBuyer,
    /// 128 random bits for the handle of a new hold.
    pub secret: Secret,
}

/// Seats that are held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The hold.
    pub reservation: Arc<Reservation>,
    /// How many places there were to choose from, as they were before; 0 where nothing was looked
    /// for.
    pub candidates: u32,
}

/// Holds the best seats there are. What the reservation held before is given up for them, so that
/// a buyer can look at the next best; when nothing is found, it is kept.
#[derive(Clone, Debug)]
pub struct FindSeats {
    /// Which event, and who asks.
    pub request: SeatRequest,
    /// What is looked for.
    pub wish: Wish,
    /// In this section only.
    pub section: Option<u32>,
    /// In the sections only in which this type is sold.
    pub ticket_type: Option<TicketTypeId>,
}

impl Command for FindSeats {
    type Outcome = Reserved;

    fn shards(&self) -> Shards {
        Shards::One(self.request.shard())
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        self.request.keys(keys);
        let sections = self.request.offer.event.rules.seat_blocks.iter();
        let asked = sections.filter(|entry| self.section.is_none_or(|one| one == entry.section));
        keys.extend(asked.map(|entry| SeatBlock::key_of(self.request.shard(), entry.block)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Reserved, Halt> {
        self.request.check_event(facts, now)?;
        let sections = self.sections()?;
        let mut reservation = self.request.begin(facts, now)?;
        let shard = reservation.shard;
        let reserved = SeatState::Reserved(reservation.id);
        hand_on(facts, shard, &reservation.seats, reserved, SeatState::Free)?;
        let (seats, candidates) = self.find(&sections, facts)?;
        hand_on(facts, shard, &seats, SeatState::Free, reserved)?;
        reservation.seats = seats;
        reservation.renew(now);
        Ok(Reserved { reservation: facts.put(reservation), candidates })
    }
}

impl FindSeats {
    fn sections(&self) -> Result<Vec<SeatBlockId>, Refusal> {
        let offer = &self.request.offer;
        let allowed: &[SeatBlockId] = match self.ticket_type {
            None => &[],
            Some(id) => {
                let (_, price) = offer.find_on_sale(id).ok_or_else(|| {
                    let message = "This ticket type is not sold for this event.";
                    Refusal::new(Code::TicketTypeNotAvailable, message)
                })?;
                &price.sections
            }
        };
        let all = offer.event.rules.seat_blocks.iter();
        let asked = all.filter(|entry| self.section.is_none_or(|one| one == entry.section));
        let blocks: Vec<_> = asked.map(|entry| entry.block).collect();
        if blocks.is_empty() {
            let message = "This event has no such section.";
            return Err(Refusal::new(Code::ValidationFailed, message));
        }
        Ok(blocks.into_iter().filter(|id| allowed.is_empty() || allowed.contains(id)).collect())
    }

    fn find(
        &self,
        sections: &[SeatBlockId],
        facts: &Facts<'_>,
    ) -> Result<(Vec<SeatAddress>, u32), Halt> {
        let shard = self.request.shard();
        let mut blocks = Vec::with_capacity(sections.len());
        for section in sections {
            blocks.extend(facts.look::<SeatBlock>(SeatBlock::key_of(shard, *section))?);
        }
        let offered = best_available(&blocks, &self.wish);
        if offered.seats.is_empty() {
            return Err(self.nothing_found(offered.candidates).into());
        }
        Ok((offered.seats, offered.candidates))
    }

    fn nothing_found(&self, candidates: u32) -> Refusal {
        let quantity = self.wish.quantity;
        let message = match candidates {
            0 if self.wish.may_split => format!("There are no {quantity} seats left here."),
            0 => format!("There are no {quantity} seats beside each other left here."),
            _ => format!("There are {candidates} choices and no more."),
        };
        Refusal::new(Code::SoldOut, message)
    }
}

/// Holds seats that were chosen, all or none.
#[derive(Clone, Debug)]
pub struct ReserveSeats {
    /// Which event, and who asks.
    pub request: SeatRequest,
    /// The published numbers of the seats, in the order in which admissions get them.
    pub seats: Vec<u32>,
}

impl Command for ReserveSeats {
    /// The seats that are not free; then nothing was changed.
    type Outcome = Result<Reserved, Vec<u32>>;

    fn shards(&self) -> Shards {
        Shards::One(self.request.shard())
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        self.request.keys(keys);
        let event = &self.request.offer.event;
        let blocks = self.seats.iter().filter_map(|seat| {
            let block = event.seat_block(SeatPlace::of(*seat).section)?;
            Some(SeatBlock::key_of(self.request.shard(), block))
        });
        keys.extend(blocks);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt> {
        self.request.check_event(facts, now)?;
        let held = self.request.known(facts, now)?.map(|known| known.seats).unwrap_or_default();
        let wanted: Vec<u32> =
            self.seats.iter().copied().filter(|seat| !has(&held, *seat)).collect();
        if wanted.len() + held.len() > RESERVATION_SEATS_MAX {
            let message = format!("One reservation holds {RESERVATION_SEATS_MAX} seats at most.");
            return Err(Refusal::new(Code::TooManyTickets, message).into());
        }
        let (free, missing) = self.look_at(&wanted, facts)?;
        if !missing.is_empty() {
            return Ok(Err(missing));
        }
        let mut reservation = self.request.begin(facts, now)?;
        let reserved = SeatState::Reserved(reservation.id);
        hand_on(facts, reservation.shard, &free, SeatState::Free, reserved)?;
        reservation.seats.extend(free);
        reservation.renew(now);
        Ok(Ok(Reserved { reservation: facts.put(reservation), candidates: 0 }))
    }
}

impl ReserveSeats {
    /// The seats that are free, and those that are not.
    fn look_at(
        &self,
        wanted: &[u32],
        facts: &Facts<'_>,
    ) -> Result<(Vec<SeatAddress>, Vec<u32>), Halt> {
        let event = &self.request.offer.event;
        let (mut free, mut missing) = (Vec::new(), Vec::new());
        for seat in wanted {
            let block = event.seat_block(SeatPlace::of(*seat).section);
            let found = match block {
                Some(block) => {
                    facts.look::<SeatBlock>(SeatBlock::key_of(self.request.shard(), block))?
                }
                None => None,
            };
            match found.filter(|block| block.state(*seat) == Some(SeatState::Free)) {
                Some(block) => free.push(SeatAddress { block: block.id, seat: *seat }),
                None => missing.push(*seat),
            }
        }
        Ok((free, missing))
    }
}

fn has(held: &[SeatAddress], seat: u32) -> bool {
    held.iter().any(|address| address.seat == seat)
}

/// Gives up held seats. Seats that are not held are passed over.
#[derive(Clone, Debug)]
pub struct ReleaseSeats {
    /// The seller.
    pub shard: Shard,
    /// The event.
    pub event: EventId,
    /// The hold.
    pub reservation: Token,
    /// Who asks.
    pub buyer: SeatBuyer,
    /// The published numbers of the seats; empty for all.
    pub seats: Vec<u32>,
}

impl Command for ReleaseSeats {
    /// The hold with what is left in it.
    type Outcome = Arc<Reservation>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Reservation::key_of(self.shard, ReservationId(self.reservation.number)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Reservation>, Halt> {
        let mut reservation = find(facts, self.reservation, self.event, self.shard, &self.buyer)?;
        check_live(&reservation, now)?;
        let given_up =
            |address: &SeatAddress| self.seats.is_empty() || self.seats.contains(&address.seat);
        let (seats, left) = reservation.seats.iter().partition(|address| given_up(address));
        let seats: Vec<SeatAddress> = seats;
        let reserved = SeatState::Reserved(reservation.id);
        hand_on(facts, self.shard, &seats, reserved, SeatState::Free)?;
        reservation.seats = left;
        if reservation.seats.is_empty() {
            reservation.finish(ReservationState::Ended, facts)?;
        }
        Ok(facts.put(reservation))
    }
}

/// Gives back the seats of a hold whose time is over.
#[derive(Clone, Copy, Debug)]
pub struct ExpireReservation {
    /// The seller.
    pub shard: Shard,
    /// The hold.
    pub reservation: ReservationId,
}

impl Command for ExpireReservation {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Reservation::key_of(self.shard, self.reservation));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let key = Reservation::key_of(self.shard, self.reservation);
        let found = facts.look::<Reservation>(key)?.cloned();
        let over =
            |found: &Reservation| found.state == ReservationState::Held && now >= found.until;
        let Some(mut reservation) = found.filter(over) else { return Ok(()) };
        let seats = std::mem::take(&mut reservation.seats);
        let reserved = SeatState::Reserved(reservation.id);
        #[cfg(feature = "planted-bugs")]
        let seats = if crate::planted::is(crate::planted::Bug::HoldKept) { vec![] } else { seats };
        hand_on(facts, self.shard, &seats, reserved, SeatState::Free)?;
        reservation.finish(ReservationState::Ended, facts)?;
        facts.put(reservation);
        Ok(())
    }
}

impl SeatRequest {
    fn shard(&self) -> Shard {
        self.offer.shard()
    }

    fn keys(&self, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard()));
        if let Some(token) = self.reservation {
            keys.push(Reservation::key_of(self.shard(), ReservationId(token.number)));
        } else if let Some(hash) = self.buyer.counted_by() {
            keys.push(Allowance::key_in(self.shard(), hash));
        }
    }

    fn check_event(&self, facts: &Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let seller = facts.look::<Seller>(Key::seller(self.shard()))?;
        if seller.is_none_or(|seller| seller.catalogue_revision != self.offer.revision) {
            return Err(Halt::Stale);
        }
        self.offer.open_for_sale(now)?;
        self.offer.admits(self.access_code.as_deref())?;
        if !self.offer.event.seats_numbered {
            let message = "Seats of this event have no numbers; order without reserving.";
            return Err(Refusal::new(Code::SeatNotAllowed, message).into());
        }
        Ok(())
    }

    /// The hold to go on with.
    fn known(&self, facts: &Facts<'_>, now: Timestamp) -> Result<Option<Reservation>, Halt> {
        let Some(token) = self.reservation else { return Ok(None) };
        let found = find(facts, token, self.offer.event_id(), self.shard(), &self.buyer)?;
        check_live(&found, now)?;
        Ok(Some(found))
    }

    /// The hold to go on with, or a new one.
    fn begin(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Reservation, Halt> {
        if let Some(known) = self.known(facts, now)? {
            return Ok(known);
        }
        let new = NewReservation {
            shard: self.shard(),
            event: self.offer.event_id(),
            buyer: self.buyer,
            secret: self.secret,
        };
        Reservation::begin(new, facts, now)
    }
}
