//! What the sellers of a season sell beside the match of every shop: a final that costs more, a
//! match with numbered seats, and season cards that are good at both clubs.

use std::sync::Arc;

use domain::card::CardType;
use domain::catalogue::{CatalogueItem, ChangeCatalogue, Event, Period, QuotaLimit};
use domain::ids::{CardTypeId, EventId, QuotaId, Shard};
use domain::money::Currency;
use domain::offer::Offer;
use domain::seating::SeatPlace;
use domain::time::Span;
use store::testing::{ADULT, CHILD, NOON, Shop, Stadium, StadiumSize, TERRACE};

use crate::plan::What;

/// Limits everybody who sees the final.
pub(crate) const FINAL_PLACES: QuotaId = QuotaId(3);

/// The seats of a stadium: few, so that buyers get in each other's way.
pub(crate) const SIZE: StadiumSize = StadiumSize { sections: 1, rows: 2, seats: 5 };

/// The number of an event, unique over both sellers but for the match of every shop.
pub(crate) fn event_of(shard: Shard, what: What) -> EventId {
    match what {
        What::Match | What::Cards(_) => EventId(1),
        What::Final => EventId(shard.0 * 10 + 2),
        What::Seats(_) => EventId(shard.0 * 10 + 3),
    }
}

/// The seller's kind of season card.
pub(crate) fn card_type_of(shard: Shard) -> CardTypeId {
    CardTypeId(shard.0)
}

/// The published number of the `index`th seat.
pub(crate) fn seat(index: u16) -> u32 {
    let (row, index) = (index / SIZE.seats % SIZE.rows + 1, index % SIZE.seats);
    SeatPlace { section: 1, row, index }.seat()
}

/// The change of the house that draws the seats of all stadiums.
pub(crate) fn draw() -> ChangeCatalogue {
    Stadium::new(Shard::HOUSE, SIZE).draw()
}

/// The change of a seller that adds the season to its shop; `others` are its friends.
pub(crate) fn publish(shop: &Shop, places: u32, others: &[Shard]) -> ChangeCatalogue {
    let mut items = vec![CatalogueItem::CardType(card_type(shop.shard))];
    let limit = QuotaLimit { id: FINAL_PLACES, name: "final".into(), limit: Some(places) };
    items.push(CatalogueItem::Quota(limit));
    for item in shop.publish().items {
        match item {
            CatalogueItem::Organiser(mut club) => {
                club.rules.connected = others.to_vec();
                items.push(CatalogueItem::Organiser(club));
            }
            CatalogueItem::Event(event) => {
                items.push(CatalogueItem::Event(Box::new(dearer(*event, shop.shard))));
            }
            _ => {}
        }
    }
    items.extend(stadium_items(shop.shard));
    ChangeCatalogue { seller: shop.shard, revision_seen: shop.revision, items, notes: Vec::new() }
}

fn dearer(event: Event, shard: Shard) -> Event {
    let mut event = Event { id: event_of(shard, What::Final), slug: "final".into(), ..event };
    for row in &mut event.prices {
        row.price = [(ADULT, 8_000), (CHILD, 1_000), (TERRACE, 6_000)]
            .iter()
            .find(|(kind, _)| *kind == row.ticket_type)
            .map(|(_, price)| *price);
        row.quotas = vec![FINAL_PLACES];
    }
    event
}

fn stadium_items(shard: Shard) -> Vec<CatalogueItem> {
    let id = event_of(shard, What::Seats(None));
    let items = Stadium::new(shard, SIZE).publish().items.into_iter();
    let patched = items.filter_map(|item| match item {
        CatalogueItem::Event(event) => {
            let event = Event { id, slug: "seated".into(), ..*event };
            Some(CatalogueItem::Event(Box::new(event)))
        }
        CatalogueItem::SectionSeats(mut seats) => {
            seats.event = id;
            Some(CatalogueItem::SectionSeats(seats))
        }
        _ => None,
    });
    patched.collect()
}

/// What a buyer sees of `event` where the seller's catalogue has `revision`.
pub(crate) fn offer(shard: Shard, revision: u64, event: Arc<Event>) -> Offer {
    let plain = Shop::new(shard).offer();
    let seat_map = Stadium::new(shard, SIZE).offer().seat_map.clone();
    let seat_map = seat_map.filter(|_| event.seats_numbered);
    Offer { revision, event, seat_map, ..plain }
}

fn card_type(shard: Shard) -> CardType {
    CardType {
        shard,
        id: card_type_of(shard),
        slug: "gold".into(),
        name: "Gold".into(),
        description: None,
        active: true,
        team_only: false,
        sale: None,
        valid: Period { from: NOON.before(Span::hours(1)), to: NOON.after(Span::hours(9_000)) },
        price: 20_000,
        currency: Currency::ISK,
        tickets_max: Some(3),
        tickets_per_event_max: Some(2),
        has_credit: true,
        credit: 9_000,
        valid_for_connected: true,
        holder_required: false,
        quota: None,
        image_url: None,
        background_image_url: None,
    }
}
