//! Changing the catalogue: the only way in for organisers, events, types, quotas and principals.

use crate::agency::Agency;
use crate::audit::{AuditChange, AuditNote};
use crate::card::CardType;
use crate::catalogue::{Event, Organiser, Principal, Series, TicketType, Venue};
use crate::club::{Chain, ClubStore, Package, PromoCode};
use crate::facts::{COMMAND_RECORDS_MAX, Command, Facts, Halt, Key, Shards};
use crate::ids::{QuotaId, Shard};
use crate::money::AMOUNT_MAX;
use crate::pass::PassType;
use crate::quota::Quota;
use crate::record::{Aggregate, Kind};
use crate::refusal::{Code, Refusal};
use crate::seating::{self, SeatBlock, SeatMap, SectionSeats};
use crate::seller::edit_or_create;
use crate::special_ticket::SpecialTicket;
use crate::time::Timestamp;

/// A new or changed item; an existing one with the same number is replaced.
#[derive(Clone, Debug, PartialEq)]
pub enum CatalogueItem {
    /// Who sells.
    Organiser(Organiser),
    /// What an agency has beside its organiser record.
    Agency(Agency),
    /// A season.
    Series(Series),
    /// A place.
    Venue(Venue),
    /// A performance.
    Event(Box<Event>),
    /// A price class.
    TicketType(TicketType),
    /// A limit; what is taken of it already stays taken.
    Quota(QuotaLimit),
    /// The seats of a venue; what an event sells keeps its number and its name.
    SeatMap(SeatMap),
    /// The seats of one section at an event; who has a seat keeps it.
    SectionSeats(SectionSeats),
    /// A kind of season card; cards that were sold stay as they are.
    CardType(CardType),
    /// A kind of team pass; passes that were sold stay as they are.
    PassType(PassType),
    /// A single-use code; one that was used stays used.
    SpecialTicket(SpecialTicket),
    /// That a seller is a chain of clubs.
    Chain(Chain),
    /// One house of a chain.
    ClubStore(ClubStore),
    /// What a chain sells by contract; contracts that were sold stay as they are.
    Package(Box<Package>),
    /// A promo code; how often it was used stays.
    PromoCode(PromoCode),
    /// A caller.
    Principal(Principal),
}

/// How many admissions may be sold from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaLimit {
    /// Which quota.
    pub id: QuotaId,
    /// What it limits, for people.
    pub name: String,
    /// The new limit; lowered below what is taken, it sells nothing more but takes nothing back.
    pub limit: Option<u32>,
}

/// The largest platform share of a sale, in hundredths of a percent: all of it.
const FEE_BASIS_POINTS_MAX: u32 = 10_000;

/// The most items one change may hold: what a command may touch, less the shard rows.
pub const CATALOGUE_ITEMS_MAX: usize = COMMAND_RECORDS_MAX - 2;

/// Replaces catalogue items of one seller and of the house in one commit.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeCatalogue {
    /// Whose catalogue it is; [`Shard::HOUSE`] for what all share.
    pub seller: Shard,
    /// The seller's catalogue revision the change was made on; 0 for a new seller.
    pub revision_seen: u64,
    /// At most [`CATALOGUE_ITEMS_MAX`].
    pub items: Vec<CatalogueItem>,
    /// What the audit shall say of it, in the same commit; nothing for an import, which says it
    /// at the command line.
    pub notes: Vec<(AuditNote, AuditChange)>,
}

impl Command for ChangeCatalogue {
    /// The catalogue revision that holds the change.
    type Outcome = u64;

    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.seller)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(Shard::HOUSE), Key::seller(self.seller)]);
        keys.extend(self.items.iter().filter_map(|item| match item {
            CatalogueItem::Quota(limit) => Some(self.quota_key(limit)),
            CatalogueItem::SeatMap(map) => Some(SeatMap::key_of(map.venue)),
            CatalogueItem::SectionSeats(seats) => Some(SeatBlock::key_of(self.seller, seats.block)),
            CatalogueItem::SpecialTicket(special) => {
                Some(SpecialTicket::key_of(special.shard, special.hash))
            }
            CatalogueItem::PromoCode(promo) => Some(PromoCode::key_of(promo.shard, promo.hash)),
            _ => None,
        }));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<u64, Halt> {
        let seller = edit_or_create(facts, self.seller)?;
        if seller.catalogue_revision != self.revision_seen {
            return Err(Halt::Stale);
        }
        seller.catalogue_revision += 1;
        let revision = seller.catalogue_revision;
        if self.items.len() + self.notes.len() > CATALOGUE_ITEMS_MAX {
            let message = format!("A change may hold {CATALOGUE_ITEMS_MAX} items at most.");
            return Err(invalid(message));
        }
        for item in &self.items {
            check_amounts(item)?;
            self.apply(item, facts)?;
        }
        for (note, change) in &self.notes {
            note.record_change(self.seller, change, facts, now);
        }
        Ok(revision)
    }
}

impl ChangeCatalogue {
    fn quota_key(&self, limit: &QuotaLimit) -> Key {
        Key::number(self.seller, Kind::Quota, limit.id.0)
    }

    fn apply(&self, item: &CatalogueItem, facts: &mut Facts<'_>) -> Result<(), Halt> {
        match item {
            CatalogueItem::Organiser(organiser) => self.replace(organiser, facts),
            CatalogueItem::Agency(agency) => self.replace(agency, facts),
            CatalogueItem::Series(series) => self.replace(series, facts),
            CatalogueItem::Venue(venue) => self.replace(venue, facts),
            CatalogueItem::Event(event) => self.replace(event.as_ref(), facts),
            CatalogueItem::TicketType(ticket_type) => self.replace(ticket_type, facts),
            CatalogueItem::Principal(principal) => self.replace(principal, facts),
            CatalogueItem::CardType(card_type) => self.replace(card_type, facts),
            CatalogueItem::PassType(pass_type) => self.replace(pass_type, facts),
            CatalogueItem::SpecialTicket(special) => self.give_out(special, facts),
            CatalogueItem::Chain(chain) => self.replace(chain, facts),
            CatalogueItem::ClubStore(store) => self.replace(store, facts),
            CatalogueItem::Package(package) => self.replace(package.as_ref(), facts),
            CatalogueItem::PromoCode(promo) => self.advertise(promo, facts),
            CatalogueItem::Quota(limit) => self.limit(limit, facts),
            CatalogueItem::SeatMap(map) => seating::draw(map, facts),
            CatalogueItem::SectionSeats(seats) => seats.set_up(self.seller, facts),
        }
    }

    /// Only what lies in a shard that this change has locked may be written.
    fn replace<A: Aggregate>(&self, item: &A, facts: &mut Facts<'_>) -> Result<(), Halt> {
        if ![Shard::HOUSE, self.seller].contains(&item.key().shard) {
            return Err(invalid("A change holds items of one seller; send another for the rest."));
        }
        facts.put(item.clone());
        Ok(())
    }

    fn give_out(&self, special: &SpecialTicket, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let key = SpecialTicket::key_of(special.shard, special.hash);
        let used_by = facts.look::<SpecialTicket>(key)?.and_then(|known| known.used_by);
        self.replace(&SpecialTicket { used_by, ..special.clone() }, facts)
    }

    fn advertise(&self, promo: &PromoCode, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let known = facts.look::<PromoCode>(PromoCode::key_of(promo.shard, promo.hash))?;
        let uses = known.map_or(0, |known| known.uses);
        self.replace(&PromoCode { uses, ..promo.clone() }, facts)
    }

    fn limit(&self, change: &QuotaLimit, facts: &mut Facts<'_>) -> Result<(), Halt> {
        if let Some(quota) = facts.edit::<Quota>(self.quota_key(change))? {
            quota.name.clone_from(&change.name);
            quota.limit = change.limit;
            return Ok(());
        }
        facts.put(Quota::new(self.seller, change.id, &change.name, change.limit));
        Ok(())
    }
}

/// Refuses prices and shares that would make a sale cost less than nothing or earn it.
fn check_amounts(item: &CatalogueItem) -> Result<(), Halt> {
    let sound = match item {
        CatalogueItem::Organiser(organiser) => organiser.fee_basis_points <= FEE_BASIS_POINTS_MAX,
        CatalogueItem::TicketType(ticket_type) => is_price(ticket_type.price),
        CatalogueItem::Event(event) => {
            event.prices.iter().filter_map(|row| row.price).all(is_price)
        }
        CatalogueItem::CardType(card_type) => {
            is_price(card_type.price) && is_price(card_type.credit)
        }
        CatalogueItem::PassType(pass_type) => is_price(pass_type.price),
        CatalogueItem::Package(package) => package.is_sound(),
        CatalogueItem::PromoCode(promo) => promo.is_sound(),
        CatalogueItem::SpecialTicket(special) => is_price(special.price) && special.count > 0,
        _ => true,
    };
    if sound { Ok(()) } else { Err(invalid("A price or a fee lies outside its range.")) }
}

fn is_price(amount: i64) -> bool {
    (0..=AMOUNT_MAX).contains(&amount)
}

fn invalid(message: impl Into<String>) -> Halt {
    Refusal::new(Code::ValidationFailed, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every aggregate a catalogue may hold has a kind of its own, so no item can hide another.
    #[test]
    fn kinds_are_distinct() {
        let kinds = [Organiser::KIND, Series::KIND, Venue::KIND, Event::KIND, TicketType::KIND];
        let distinct: std::collections::BTreeSet<_> = kinds.iter().collect();
        assert_eq!(distinct.len(), kinds.len());
    }
}
