//! A seller's catalogue, and what is taken of its quotas.

use std::sync::Arc;

use domain::facts::Key;
use domain::ids::Shard;
use domain::quota::Quota;
use domain::record::{Aggregate as _, Kind, Record};
use domain::special_ticket::SpecialTicket;

use super::all;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// What a catalogue consists of.
const KINDS: [Kind; 15] = [
    Kind::Organiser,
    Kind::Series,
    Kind::Venue,
    Kind::Event,
    Kind::TicketType,
    Kind::Quota,
    Kind::Principal,
    Kind::SeatMap,
    Kind::CardType,
    Kind::PassType,
    Kind::Agency,
    Kind::Chain,
    Kind::ClubStore,
    Kind::Package,
    Kind::Staff,
];

/// A seller's catalogue at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CatalogueRows {
    /// How often it was changed; a command decided on an older one is stale.
    pub revision: u64,
    /// Organisers, series, venues with their seats, events, ticket, card and pass types, quotas,
    /// principals, agencies, and chains with stores, packages and staff, by kind and key.
    pub records: Vec<Record>,
}

pub(crate) fn catalogue(view: &dyn Snapshot, shard: Shard) -> Result<CatalogueRows, Fault> {
    let revision = revision(view, shard)?;
    let mut records = Vec::new();
    for kind in KINDS {
        records.extend(all(view, kind, shard)?);
    }
    Ok(CatalogueRows { revision, records })
}

/// How often the catalogue of each of these shards was changed.
pub(crate) fn revisions(view: &dyn Snapshot, shards: &[Shard]) -> Result<Vec<(Shard, u64)>, Fault> {
    shards.iter().map(|shard| Ok((*shard, revision(view, *shard)?))).collect()
}

fn revision(view: &dyn Snapshot, shard: Shard) -> Result<u64, Fault> {
    Ok(match view.record(&Key::seller(shard))? {
        Some(Record::Seller(seller)) => seller.catalogue_revision,
        _ => 0,
    })
}

pub(crate) fn quotas(view: &dyn Snapshot, shard: Shard) -> Result<Vec<Arc<Quota>>, Fault> {
    let records = all(view, Kind::Quota, shard)?;
    Ok(records.iter().filter_map(Quota::from_record).cloned().collect())
}

pub(crate) fn special_tickets(
    view: &dyn Snapshot,
    shard: Shard,
) -> Result<Vec<Arc<SpecialTicket>>, Fault> {
    let records = all(view, Kind::SpecialTicket, shard)?;
    Ok(records.iter().filter_map(SpecialTicket::from_record).cloned().collect())
}
