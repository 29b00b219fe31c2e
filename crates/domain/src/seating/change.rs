//! What the organiser does with seats: setting them up for an event, and not selling some.

use super::block::{SeatBlock, SeatState};
use super::map::{SeatMap, SeatPlace};
use crate::audit::{AuditChange, AuditNote};
use crate::catalogue::Event;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EventId, SeatBlockId, Shard, VenueId};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// The seats of one section, set up for an event or drawn anew; who has a seat keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionSeats {
    /// Their number.
    pub block: SeatBlockId,
    /// The event.
    pub event: EventId,
    /// Where it happens.
    pub venue: VenueId,
    /// The section's number in the venue.
    pub section: u32,
}

impl SectionSeats {
    /// Sets them up as the venue's map draws them, and marks the map as used.
    pub(crate) fn set_up(&self, seller: Shard, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let unknown = || Refusal::new(Code::ValidationFailed, "The venue has no such section.");
        let map_key = SeatMap::key_of(self.venue);
        let map = facts.share::<SeatMap>(map_key)?.ok_or_else(unknown)?;
        let section = map.section(self.section).ok_or_else(unknown)?;
        if !map.in_use
            && let Some(map) = facts.edit::<SeatMap>(map_key)?
        {
            map.in_use = true;
        }
        match facts.edit::<SeatBlock>(SeatBlock::key_of(seller, self.block))? {
            Some(block) => block.redraw(section),
            None => {
                facts.put(SeatBlock::new(seller, self.block, self.event, section));
            }
        }
        Ok(())
    }
}

/// Draws a venue's seats; sections and rows keep the numbers they have.
pub(crate) fn draw(map: &SeatMap, facts: &mut Facts<'_>) -> Result<(), Halt> {
    let known = facts.share::<SeatMap>(SeatMap::key_of(map.venue))?;
    let drawn = map.clone().numbered_like(known.as_deref());
    let drawn = drawn.map_err(|message| {
        Refusal::new(Code::ValidationFailed, format!("The seats cannot be drawn so: {message}."))
    })?;
    facts.put(drawn);
    Ok(())
}

/// Takes free seats off the sale, or gives them back to it. Seats that are otherwise are left.
#[derive(Clone, Debug)]
pub struct BlockSeats {
    /// The seller.
    pub shard: Shard,
    /// The event.
    pub event: EventId,
    /// The published numbers of the seats, at most [`BLOCK_SEATS_MAX`].
    pub seats: Vec<u32>,
    /// Not sold from now on, or sold again.
    pub blocked: bool,
    /// What the audit says.
    pub audit: AuditNote,
}

/// The most seats of one [`BlockSeats`].
pub const BLOCK_SEATS_MAX: usize = 5_000;

/// What became of the seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeatsBlocked {
    /// These are now as was asked for, and were not before.
    pub changed: Vec<u32>,
    /// Somebody has these, or there are none such.
    pub not_available: Vec<u32>,
}

impl Command for BlockSeats {
    type Outcome = SeatsBlocked;

    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(self.event_key());
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<SeatsBlocked, Halt> {
        let event = facts
            .share::<Event>(self.event_key())?
            .ok_or_else(|| Refusal::new(Code::EventNotFound, "There is no such event."))?;
        if !event.seats_numbered {
            let message = "Seats of this event have no numbers.";
            return Err(Refusal::new(Code::SeatNotAllowed, message).into());
        }
        let mut outcome = SeatsBlocked::default();
        for seat in &self.seats {
            self.change(*seat, &event, facts, &mut outcome)?;
        }
        if !outcome.changed.is_empty() {
            self.audit.record_change(self.shard, &self.told(&outcome.changed), facts, now);
        }
        Ok(outcome)
    }
}

impl BlockSeats {
    fn event_key(&self) -> Key {
        Key::number(self.shard, Kind::Event, self.event.0)
    }

    /// The seats that changed hands, under the state they had and the one they have.
    fn told(&self, changed: &[u32]) -> AuditChange {
        let seats = ranges(changed);
        let seats = Some(seats.as_str());
        match self.blocked {
            true => AuditChange::of(&[("free", seats, None), ("blocked", None, seats)]),
            false => AuditChange::of(&[("blocked", seats, None), ("free", None, seats)]),
        }
    }

    fn change(
        &self,
        seat: u32,
        event: &Event,
        facts: &mut Facts<'_>,
        outcome: &mut SeatsBlocked,
    ) -> Result<(), Halt> {
        let (from, to) = match self.blocked {
            true => (SeatState::Free, SeatState::Blocked),
            false => (SeatState::Blocked, SeatState::Free),
        };
        let block = match event.seat_block(SeatPlace::of(seat).section) {
            Some(block) => facts.edit::<SeatBlock>(SeatBlock::key_of(self.shard, block))?,
            None => None,
        };
        let Some(block) = block else {
            outcome.not_available.push(seat);
            return Ok(());
        };
        if block.change(seat, from, to) {
            outcome.changed.push(seat);
        } else if block.state(seat) != Some(to) {
            outcome.not_available.push(seat);
        }
        Ok(())
    }
}

/// Published numbers of seats in short: places side by side as the first and the last of them.
fn ranges(seats: &[u32]) -> String {
    let mut seats = seats.to_vec();
    seats.sort_unstable();
    let runs = seats.chunk_by(|seat, next| next.saturating_sub(*seat) <= 1);
    let texts = runs.filter_map(|run| match (run.first()?, run.last()?) {
        (first, last) if first == last => Some(first.to_string()),
        (first, last) => Some(format!("{first}-{last}")),
    });
    texts.collect::<Vec<_>>().join(", ")
}
