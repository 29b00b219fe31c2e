//! Numbered seats: where they are, who has them, and holds of minutes (`domain.md` §7.4).

use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Halt, Key};
use crate::ids::{EventId, ReservationId, SaleId, SeatBlockId, Shard, VenueId};
use crate::record::Kind;
use crate::sale::Sale;
use crate::time::Timestamp;
use crate::token::Secret;

/// Where the seats of a venue are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatMap {
    /// Which venue.
    pub venue: VenueId,
}

/// One seat at one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeatAddress {
    /// The section's seats at the event.
    pub block: SeatBlockId,
    /// The published number of the seat, unique within its venue.
    pub seat: u32,
}

/// The seats of one section at one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatBlock {
    /// The seller.
    pub shard: Shard,
    /// Its number.
    pub id: SeatBlockId,
    /// The event.
    pub event: EventId,
}

/// A hold of seats, for minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// The seller.
    pub shard: Shard,
    /// Its number.
    pub id: ReservationId,
    /// The random part of its handle.
    pub secret: Secret,
    /// The event.
    pub event: EventId,
    /// The seats, in the order in which admissions get them.
    pub seats: Vec<SeatAddress>,
    /// When it ends; a sale that has taken its seats has no end.
    pub until: Timestamp,
    /// The sale that has taken its seats.
    pub sale: Option<SaleId>,
}

impl Reservation {
    /// Where a reservation lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: ReservationId) -> Key {
        Key::number(shard, Kind::Reservation, id.0)
    }

    /// When its seats must be given back.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        (self.sale.is_none() && !self.seats.is_empty()).then_some(self.until)
    }
}

impl SeatBlock {
    /// Where a block lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: SeatBlockId) -> Key {
        Key::number(shard, Kind::SeatBlock, id.0)
    }

    /// Makes a seat that a sale holds sold to it.
    pub fn settle(&mut self, _seat: u32, _sale: SaleId) {}

    /// Gives a seat that a sale holds or has back.
    pub fn release(&mut self, _seat: u32, _sale: SaleId) {}

    /// Takes a free seat for a sale at once; false when it is not free.
    pub fn take(&mut self, _seat: u32, _sale: SaleId) -> bool {
        false
    }
}

/// Gives back the seats that `sale` holds: to its reservation while that lives, else to everybody.
pub(crate) fn release(facts: &mut Facts<'_>, sale: &Sale, now: Timestamp) -> Result<(), Halt> {
    let _ = (facts, sale, now);
    Ok(())
}

/// Makes the seats that `sale` holds sold to it.
pub(crate) fn settle(facts: &mut Facts<'_>, sale: &Sale, now: Timestamp) -> Result<(), Halt> {
    let _ = (facts, sale, now);
    Ok(())
}

/// Gives back seats that `sale` has, to everybody.
pub(crate) fn give_back(facts: &mut Facts<'_>, sale: &Sale, now: Timestamp) -> Result<(), Halt> {
    let _ = (facts, sale, now);
    Ok(())
}

/// Whether nobody has any of the seats of `sale`, which gave them back before.
pub(crate) fn are_free(facts: &Facts<'_>, sale: &Sale) -> Result<bool, Halt> {
    let _ = (facts, sale);
    Ok(true)
}

/// Takes the seats of `sale` anew, as sold; only after [`are_free`].
pub(crate) fn retake(facts: &mut Facts<'_>, sale: &Sale, now: Timestamp) -> Result<(), Halt> {
    let _ = (facts, sale, now);
    Ok(())
}
