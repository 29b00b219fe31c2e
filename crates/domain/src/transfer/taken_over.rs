//! What a ticket that waits for its payment takes over from the one it replaces.
//!
//! Both must not be counted at once: the old ticket is good until the new one is paid, and the last
//! place of a quota, or the same seat, would never be free for it. So the new ticket holds only
//! what the old one has not, and takes the rest in the commit in which the old one leaves it.

use crate::facts::{Facts, Halt, Key};
use crate::quota::Quota;
use crate::record::Kind;
use crate::sale::{Place, Sale, TakenOver};
use crate::seating::{self, SeatAddress};
use crate::time::Timestamp;

/// Takes out of `places` those that `old` has of the same quotas.
pub(super) fn split(places: &mut Vec<Place>, old: &Sale) -> Vec<Place> {
    let mut shared = Vec::new();
    for place in places.iter_mut() {
        let known = old.places.iter().find(|known| known.quota == place.quota);
        let count = known.map_or(0, |known| known.count.min(place.count));
        place.count -= count;
        if count > 0 {
            shared.push(Place { quota: place.quota, count });
        }
    }
    places.retain(|place| place.count > 0);
    shared
}

/// The seat of `old` with that number, where it is wanted at the same event.
pub(super) fn same_seat(old: &Sale, seat: Option<u32>) -> Option<SeatAddress> {
    old.seats_held().into_iter().find(|known| Some(known.seat) == seat)
}

/// Makes `new` have what the old ticket has just left to it.
pub(super) fn take(new: &mut Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    let TakenOver { places, seats } = std::mem::take(&mut new.takes_over);
    for Place { quota, count } in places {
        if let Some(quota) = facts.edit::<Quota>(Key::number(new.shard, Kind::Quota, quota.0))? {
            quota.sold += count;
        }
        match new.places.iter_mut().find(|place| place.quota == quota) {
            Some(place) => place.count += count,
            None => new.places.push(Place { quota, count }),
        }
    }
    if seats.is_empty() {
        return Ok(());
    }
    new.seats.extend(seats);
    seating::retake(facts, new, now)
}
