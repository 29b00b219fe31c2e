//! Setting up the numbered seats of an event.

use contract::back_office::events::EventEntry;
use domain::catalogue::{CatalogueItem, Event, EventSection};
use domain::ids::{NumberKind, SeatBlockId, VenueId};
use domain::seating::{SeatMap, SectionSeats};

use super::super::desk::Desk;
use super::super::fields::Fields;

/// Sets up the seats of every section of its place; seats that are set up stay.
pub(super) fn seats(
    entry: &EventEntry,
    desk: &mut Desk,
    event: &mut Event,
    fields: &mut Fields,
) -> Vec<CatalogueItem> {
    if event.seats_numbered && entry.seats_numbered == Some(false) {
        fields.wrong("SeatsNumbered", "Its seats are set up and stay so; make a new event.");
    }
    event.seats_numbered |= entry.seats_numbered == Some(true);
    if !event.seats_numbered {
        return Vec::new();
    }
    let map = event.venue.and_then(|id| seat_map(desk, id));
    let Some((venue, sections)) = map.filter(|(_, sections)| !sections.is_empty()) else {
        fields.wrong("SeatsNumbered", "Its location has no sections with numbered seats.");
        return Vec::new();
    };
    let mut items = Vec::new();
    for section in sections {
        let known = event.seat_block(section);
        let block = known.unwrap_or_else(|| SeatBlockId(desk.number(NumberKind::SeatBlock)));
        if known.is_none() {
            event.rules.seat_blocks.push(EventSection { section, block });
        }
        let seats = SectionSeats { block, event: event.id, venue, section };
        items.push(CatalogueItem::SectionSeats(seats));
    }
    items
}

/// The sections of a place, in the order of its map.
fn seat_map(desk: &Desk, venue: VenueId) -> Option<(VenueId, Vec<u32>)> {
    let map = desk.shared::<SeatMap>().find(|map| map.venue == venue)?;
    Some((venue, map.sections.iter().map(|section| section.number).collect()))
}
