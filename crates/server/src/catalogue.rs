//! The catalogue as the operations see it: read from the store, kept in memory, read again when
//! a decision says it was stale.

mod agencies;
mod clubs;
pub mod file;
pub mod import;
mod known;
mod plan;
mod rights;
mod seats;
mod time;

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use domain::card::CardType;
use domain::catalogue::{Organiser, Series, TicketType, Venue};
use domain::ids::{EventId, NumberKind, SeriesId, Shard, TicketTypeId, VenueId};
use domain::offer::Offer;
use domain::pass::PassType;
use domain::record::Record;
use domain::seating::SeatMap;
use store::{CatalogueRows, Fault, Store};

pub(crate) use self::rights::stock_name;
pub(crate) use self::seats::{RowEntry, SectionEntry, seat_map};
pub(crate) use self::time::{TIME_ZONE_DEFAULT, contract_calendar, is_zone};
pub use self::time::{local_clock, local_date};

/// Every seller's offers, loaded seller by seller when first asked for.
pub struct Catalogue {
    store: Store,
    sellers: RwLock<HashMap<Shard, Arc<SellerOffers>>>,
}

/// One seller's offers at one revision.
#[derive(Debug, Default)]
pub struct SellerOffers {
    /// The catalogue revision they were read at.
    pub revision: u64,
    /// By event.
    pub offers: HashMap<EventId, Arc<Offer>>,
    /// The kinds of team pass, on sale or not.
    pub pass_types: Vec<Arc<PassType>>,
    /// The kinds of season card, on sale or not.
    pub card_types: Vec<Arc<CardType>>,
}

impl Catalogue {
    /// An empty view over `store`; nothing is read yet.
    #[must_use]
    pub fn new(store: Store) -> Catalogue {
        Catalogue { store, sellers: RwLock::default() }
    }

    /// The offer of one event; `None` when there is no such event.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub async fn offer(&self, event: EventId) -> Result<Option<Arc<Offer>>, Fault> {
        let Some(shard) = self.store.shard_of(NumberKind::Event, event.0).await? else {
            return Ok(None);
        };
        let seller = match self.known(shard) {
            Some(seller) => seller,
            None => self.reload(shard).await?,
        };
        Ok(seller.offers.get(&event).cloned())
    }

    /// Every seller's offers, in the order of their shards.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub async fn sellers(&self) -> Result<Vec<Arc<SellerOffers>>, Fault> {
        let mut all = Vec::new();
        for shard in self.store.sellers().await? {
            if shard != Shard::HOUSE {
                all.push(match self.known(shard) {
                    Some(seller) => seller,
                    None => self.reload(shard).await?,
                });
            }
        }
        Ok(all)
    }

    /// Reads one seller's catalogue again.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub async fn reload(&self, shard: Shard) -> Result<Arc<SellerOffers>, Fault> {
        // A change of the house raises the revision of every seller after it: read in this order,
        // the revision may be too old for what it stands for, which is noticed, but not too new.
        let seller = self.store.catalogue(shard).await?;
        let house = self.store.catalogue(Shard::HOUSE).await?;
        let offers = Arc::new(assemble(&house, &seller));
        if let Ok(mut sellers) = self.sellers.write() {
            sellers.insert(shard, Arc::clone(&offers));
        }
        Ok(offers)
    }

    /// Forgets each seller whose catalogue was changed, here or through another node, so that it
    /// is read again when it is next asked for.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub async fn refresh(&self) -> Result<(), Fault> {
        let known: Vec<Shard> = self
            .sellers
            .read()
            .map(|sellers| sellers.keys().copied().collect())
            .unwrap_or_default();
        let revisions = self.store.catalogue_revisions(known).await?;
        if let Ok(mut sellers) = self.sellers.write() {
            for (shard, revision) in revisions {
                if sellers.get(&shard).is_some_and(|seller| seller.revision != revision) {
                    sellers.remove(&shard);
                }
            }
        }
        Ok(())
    }

    fn known(&self, shard: Shard) -> Option<Arc<SellerOffers>> {
        self.sellers.read().ok()?.get(&shard).cloned()
    }
}

#[derive(Default)]
struct Parts {
    organiser: Option<Arc<Organiser>>,
    series: HashMap<SeriesId, Arc<Series>>,
    venues: HashMap<VenueId, Arc<Venue>>,
    seat_maps: HashMap<VenueId, Arc<SeatMap>>,
    ticket_types: HashMap<TicketTypeId, Arc<TicketType>>,
    events: Vec<Arc<domain::catalogue::Event>>,
    pass_types: Vec<Arc<PassType>>,
    card_types: Vec<Arc<CardType>>,
}

fn assemble(house: &CatalogueRows, seller: &CatalogueRows) -> SellerOffers {
    let mut parts = Parts::default();
    for record in house.records.iter().chain(&seller.records) {
        parts.add(record);
    }
    let Some(organiser) = parts.organiser.clone() else {
        return SellerOffers { revision: seller.revision, ..SellerOffers::default() };
    };
    let offers = parts.events.iter().map(|event| {
        let types = event
            .prices
            .iter()
            .filter_map(|price| parts.ticket_types.get(&price.ticket_type).cloned());
        let offer = Offer {
            revision: seller.revision,
            organiser: Arc::clone(&organiser),
            series: event.series.and_then(|id| parts.series.get(&id).cloned()),
            venue: event.venue.and_then(|id| parts.venues.get(&id).cloned()),
            seat_map: event.venue.and_then(|id| parts.seat_maps.get(&id).cloned()),
            event: Arc::clone(event),
            ticket_types: types.collect(),
        };
        (event.id, Arc::new(offer))
    });
    let offers = offers.collect();
    let Parts { pass_types, card_types, .. } = parts;
    SellerOffers { revision: seller.revision, offers, pass_types, card_types }
}

impl Parts {
    fn add(&mut self, record: &Record) {
        match record {
            Record::Organiser(organiser) => self.organiser = Some(Arc::clone(organiser)),
            Record::Series(series) => {
                self.series.insert(series.id, Arc::clone(series));
            }
            Record::Venue(venue) => {
                self.venues.insert(venue.id, Arc::clone(venue));
            }
            Record::SeatMap(map) => {
                self.seat_maps.insert(map.venue, Arc::clone(map));
            }
            Record::TicketType(ticket_type) => {
                self.ticket_types.insert(ticket_type.id, Arc::clone(ticket_type));
            }
            Record::Event(event) => self.events.push(Arc::clone(event)),
            Record::PassType(kind) => self.pass_types.push(Arc::clone(kind)),
            Record::CardType(kind) => self.card_types.push(Arc::clone(kind)),
            _ => {}
        }
    }
}
