//! What the store knows already, found by slug.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::catalogue::{Event, EventPrice};
use domain::ids::{EventId, NumberKind, PassTypeId, SeriesId, Shard, TicketTypeId, VenueId};
use domain::money::Currency;
use domain::record::Record;
use domain::seating::SeatMap;
use domain::time::Timestamp;
use store::{CatalogueRows, Fault, Store};

use super::clubs::plan_name;
use super::file::CatalogueFile;
use super::seats::block_name;

/// How an item is found: whose it is, of which kind, and its slug.
pub(super) type Slug = (Shard, NumberKind, String);

/// What is there, and the numbers drawn for what is not.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    revisions: HashMap<Shard, u64>,
    organisers: HashMap<String, Shard>,
    numbers: HashMap<Slug, u32>,
    currencies: HashMap<TicketTypeId, Currency>,
    seat_maps: HashMap<VenueId, SeatMap>,
    events: HashMap<EventId, Arc<Event>>,
    pass_type_times: HashMap<PassTypeId, (Timestamp, Timestamp)>,
    /// Numbers that may be given to new items.
    pub(super) spare: BTreeMap<Shard, BTreeMap<NumberKind, Vec<u32>>>,
}

impl Known {
    /// Reads every seller's catalogue and gives new organisers their shards.
    pub(super) async fn load(store: &Store, file: &CatalogueFile) -> Result<Known, Fault> {
        let mut known = Known::default();
        let mut shards = store.sellers().await?;
        if !shards.contains(&Shard::HOUSE) {
            shards.push(Shard::HOUSE);
        }
        let mut all = Vec::new();
        for shard in &shards {
            all.push((*shard, store.catalogue(*shard).await?));
        }
        all.iter().for_each(|(shard, rows)| known.add(*shard, rows));
        all.iter().for_each(|(shard, rows)| known.add_seats(*shard, rows));
        let mut next = shards.iter().map(|shard| shard.0).max().unwrap_or(0) + 1;
        for slug in file.seller_slugs() {
            known.organisers.entry(slug.to_owned()).or_insert_with(|| {
                next += 1;
                Shard(next - 1)
            });
        }
        Ok(known)
    }

    fn add(&mut self, shard: Shard, rows: &CatalogueRows) {
        self.revisions.insert(shard, rows.revision);
        for record in &rows.records {
            let (kind, slug, number) = match record {
                Record::Organiser(this) => {
                    self.organisers.insert(this.slug.clone(), this.shard);
                    continue;
                }
                Record::Series(this) => (NumberKind::Series, this.slug.clone(), this.id.0),
                Record::Venue(this) => (NumberKind::Venue, this.slug.clone(), this.id.0),
                Record::Event(this) => {
                    self.events.insert(this.id, Arc::clone(this));
                    (NumberKind::Event, this.slug.clone(), this.id.0)
                }
                Record::CardType(this) => (NumberKind::CardType, this.slug.clone(), this.id.0),
                Record::PassType(this) => {
                    self.pass_type_times.insert(this.id, (this.created_at, this.changed_at));
                    (NumberKind::PassType, this.slug.clone(), this.id.0)
                }
                Record::ClubStore(this) => (NumberKind::ClubStore, this.slug.clone(), this.id.0),
                Record::Package(this) => {
                    for plan in &this.plans {
                        let name = plan_name(&this.slug, &plan.slug);
                        self.numbers.insert((shard, NumberKind::InstallmentPlan, name), plan.id.0);
                    }
                    (NumberKind::Package, this.slug.clone(), this.id.0)
                }
                Record::TicketType(this) => {
                    self.set_currency(this.id, this.currency);
                    (NumberKind::TicketType, this.slug.clone(), this.id.0)
                }
                Record::SeatMap(this) => {
                    self.set_seat_map(this.as_ref().clone());
                    continue;
                }
                Record::Quota(this) => (NumberKind::Quota, this.name.clone(), this.id.0),
                _ => continue,
            };
            self.numbers.insert((shard, kind, slug), number);
        }
    }

    /// The numbers of events' sections, found by the names which the maps of their venues tell.
    fn add_seats(&mut self, shard: Shard, rows: &CatalogueRows) {
        for record in &rows.records {
            let Record::Event(event) = record else { continue };
            let Some(map) = event.venue.and_then(|venue| self.seat_maps.get(&venue)) else {
                continue;
            };
            for entry in &event.rules.seat_blocks {
                let Some(section) = map.section(entry.section) else { continue };
                let name = block_name(&event.slug, &section.name);
                self.numbers.insert((shard, NumberKind::SeatBlock, name), entry.block.0);
            }
        }
    }

    /// Whether a known event was cancelled.
    pub(super) fn is_cancelled(&self, event: EventId) -> bool {
        self.events.get(&event).is_some_and(|event| event.rules.cancelled)
    }

    /// What a known event sells or sold.
    pub(super) fn prices(&self, event: EventId) -> &[EventPrice] {
        self.events.get(&event).map(|event| event.prices.as_slice()).unwrap_or_default()
    }

    /// When a known kind of pass was made and changed.
    pub(super) fn pass_type_times(&self, id: PassTypeId) -> Option<(Timestamp, Timestamp)> {
        self.pass_type_times.get(&id).copied()
    }

    /// The seats of a venue.
    pub(super) fn seat_map(&self, venue: VenueId) -> Option<&SeatMap> {
        self.seat_maps.get(&venue)
    }

    /// Notes the seats of a venue.
    pub(super) fn set_seat_map(&mut self, map: SeatMap) {
        self.seat_maps.insert(map.venue, map);
    }

    /// The names of a venue's sections, as they will be after the import of `file`.
    pub(super) fn section_names(&self, file: &CatalogueFile, venue: &str) -> Vec<String> {
        let drawn = file.venue.iter().find(|entry| entry.slug == venue);
        if let Some(entry) = drawn.filter(|entry| !entry.section.is_empty()) {
            return entry.section.iter().map(|section| section.name.clone()).collect();
        }
        let number = self.number(Shard::HOUSE, NumberKind::Venue, venue);
        let map = number.and_then(|number| self.seat_maps.get(&VenueId(number)));
        let sections = map.map(|map| map.sections.as_slice()).unwrap_or_default();
        sections.iter().map(|section| section.name.clone()).collect()
    }

    /// A copy with as many made-up spare numbers as are wanted, to try a plan on.
    pub(super) fn trial(&self, wanted: &BTreeMap<Shard, Vec<NumberKind>>) -> Known {
        let mut trial = self.clone();
        let mut made_up = (0..=u32::MAX).rev();
        for (shard, kinds) in wanted {
            for kind in kinds {
                trial
                    .spare
                    .entry(*shard)
                    .or_default()
                    .entry(*kind)
                    .or_default()
                    .extend(made_up.next());
            }
        }
        trial
    }

    /// The revision a change of this seller's catalogue is made on.
    pub(super) fn revision(&self, shard: Shard) -> u64 {
        self.revisions.get(&shard).copied().unwrap_or(0)
    }

    /// Every seller there is or will be.
    pub(super) fn sellers(&self) -> impl Iterator<Item = Shard> {
        self.organisers.values().copied()
    }

    /// The shard of an organiser, there already or in the file.
    pub(super) fn organiser(&self, slug: &str) -> Option<Shard> {
        self.organisers.get(slug).copied()
    }

    /// The number of an item that is there already.
    pub(super) fn number(&self, shard: Shard, kind: NumberKind, slug: &str) -> Option<u32> {
        self.numbers.get(&(shard, kind, slug.to_owned())).copied()
    }

    /// The currency of a ticket type's price.
    pub(super) fn currency(&self, ticket_type: TicketTypeId) -> Option<Currency> {
        self.currencies.get(&ticket_type).copied()
    }

    /// Notes the currency of a ticket type's price.
    pub(super) fn set_currency(&mut self, ticket_type: TicketTypeId, currency: Currency) {
        self.currencies.insert(ticket_type, currency);
    }

    /// The number of an item, taken from the spare ones if it is new.
    pub(super) fn number_or_new(
        &mut self,
        shard: Shard,
        kind: NumberKind,
        slug: &str,
    ) -> Result<u32, String> {
        if let Some(number) = self.number(shard, kind, slug) {
            return Ok(number);
        }
        let spare = self.spare.get_mut(&shard).and_then(|kinds| kinds.get_mut(&kind));
        let number = spare.and_then(Vec::pop);
        let number = number.ok_or_else(|| format!("no number was drawn for \"{slug}\""))?;
        self.numbers.insert((shard, kind, slug.to_owned()), number);
        Ok(number)
    }
}

/// The number of the series of this slug.
pub(super) fn series_id(slug: &str, known: &Known) -> Result<SeriesId, String> {
    let id = known.number(Shard::HOUSE, NumberKind::Series, slug);
    id.map(SeriesId).ok_or_else(|| format!("no series \"{slug}\""))
}

/// The number of the venue of this slug.
pub(super) fn venue_id(slug: &str, known: &Known) -> Result<VenueId, String> {
    let id = known.number(Shard::HOUSE, NumberKind::Venue, slug);
    id.map(VenueId).ok_or_else(|| format!("no venue \"{slug}\""))
}
