//! A made-up stadium: numbered seats for tests and benches.

use std::sync::Arc;

use domain::catalogue::{CatalogueItem, ChangeCatalogue, Event, EventSection};
use domain::ids::{EventId, QuotaId, SeatBlockId, Shard, VenueId};
use domain::offer::Offer;
use domain::sale::{Buyer, PlaceOrder, ReservedFor};
use domain::seating::{
    FindSeats, Reservation, Row, RowPlace, SeatBuyer, SeatMap, SeatNames, SeatRequest, Section,
    SectionSeats, Wish,
};
use domain::token::Secret;

use super::{ADULT, Shop};

/// How large a stadium is: as many rows in each section, as many seats in each row.
#[derive(Clone, Copy, Debug)]
pub struct StadiumSize {
    /// At most 400.
    pub sections: u32,
    /// At most 199.
    pub rows: u16,
    /// At most 500.
    pub seats: u16,
}

/// A shop whose one event has numbered seats and no other limits.
#[derive(Clone, Debug)]
pub struct Stadium {
    /// The shop.
    pub shop: Shop,
    size: StadiumSize,
}

const VENUE: VenueId = VenueId(1);

impl Stadium {
    /// A stadium that is not stored yet.
    #[must_use]
    pub fn new(shard: Shard, size: StadiumSize) -> Stadium {
        Stadium { shop: Shop::new(shard), size }
    }

    /// The change of the house that draws the seats.
    #[must_use]
    pub fn draw(&self) -> ChangeCatalogue {
        let items = vec![CatalogueItem::SeatMap(self.map())];
        ChangeCatalogue { seller: Shard::HOUSE, revision_seen: 0, items, notes: Vec::new() }
    }

    /// The change of the seller that sets them up for its event; after [`Stadium::draw`].
    #[must_use]
    pub fn publish(&self) -> ChangeCatalogue {
        let mut change = self.shop.publish();
        for item in &mut change.items {
            if let CatalogueItem::Event(event) = item {
                **event = self.event();
            }
        }
        change.items.extend((1..=self.size.sections).map(|section| {
            let (block, event) = (SeatBlockId(section), EventId(1));
            CatalogueItem::SectionSeats(SectionSeats { block, event, venue: VENUE, section })
        }));
        change
    }

    /// The event as the shop knows it.
    #[must_use]
    pub fn offer(&self) -> Arc<Offer> {
        let event = Arc::new(self.event());
        let seat_map = self.map().numbered_like(None).ok().map(Arc::new);
        Arc::new(Offer { event, seat_map, ..self.shop.offer() })
    }

    /// Looks for so many seats beside each other. `seed` stands for everything random about it.
    #[must_use]
    pub fn find(&self, offer: &Arc<Offer>, seed: u64, quantity: u16) -> FindSeats {
        FindSeats {
            request: SeatRequest {
                offer: Arc::clone(offer),
                access_code: None,
                reservation: None,
                buyer: SeatBuyer::of(&buyer(seed)),
                secret: Secret(u128::from(seed).to_be_bytes()),
            },
            wish: Wish { quantity, may_split: false, skip: 0 },
            section: None,
            ticket_type: None,
        }
    }

    /// Orders what was held with the same seed.
    #[must_use]
    pub fn order(&self, offer: &Arc<Offer>, seed: u64, held: &Reservation) -> PlaceOrder {
        let count = i64::try_from(held.seats.len()).unwrap_or(i64::MAX);
        PlaceOrder {
            reservation: Some(ReservedFor { token: held.token(), request: seed.into() }),
            buyer: buyer(seed),
            ..self.shop.order_of(Arc::clone(offer), seed, ADULT, count)
        }
    }

    fn event(&self) -> Event {
        let mut event = self.shop.event();
        event.seats_numbered = true;
        event.venue = Some(VENUE);
        event.prices.iter_mut().for_each(|price| price.quotas = Vec::<QuotaId>::new());
        let sections = 1..=self.size.sections;
        let blocks = sections.map(|section| EventSection { section, block: SeatBlockId(section) });
        event.rules.seat_blocks = blocks.collect();
        event
    }

    fn map(&self) -> SeatMap {
        let row = |number: u16, rank: u32| Row {
            number: 0,
            name: number.to_string(),
            count: self.size.seats,
            names: SeatNames::Numbers { first: 1, step: 1 },
            rank,
            aisles: Vec::new(),
            place: RowPlace { x: 0, y: i32::from(number) * 10, step_x: 10, step_y: 0 },
        };
        let sections = (1..=self.size.sections).map(|section| Section {
            number: 0,
            name: section.to_string(),
            image_url: None,
            rows: (1..=self.size.rows).map(|number| row(number, section)).collect(),
            row_number_last: 0,
        });
        SeatMap { venue: VENUE, sections: sections.collect(), ..SeatMap::default() }
    }
}

fn buyer(seed: u64) -> Buyer {
    Buyer { device_id: Some(format!("device-{seed}")), ..Buyer::default() }
}
