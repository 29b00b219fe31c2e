//! What is taken of each quota, counted by the sales and by season cards that were given away.

use std::collections::BTreeMap;

use domain::card::Card;
use domain::ids::{QuotaId, Shard};
use domain::record::{Aggregate as _, Kind};
use domain::sale::{Sale, SaleState};

use super::CheckReport;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// Held and sold places by quota.
#[derive(Default)]
pub(super) struct Places {
    taken: BTreeMap<QuotaId, (u64, u64)>,
}

impl Places {
    pub(super) fn add(&mut self, sale: &Sale) {
        for place in &sale.places {
            let (held, sold) = self.taken.entry(place.quota).or_default();
            if sale.state.holds_places() {
                *held += u64::from(place.count);
            } else if sale.state == SaleState::Issued {
                *sold += u64::from(place.count);
            }
        }
    }

    /// A card that was given away has its place itself.
    pub(super) fn add_card(&mut self, card: &Card) {
        if let Some(quota) = card.place {
            self.taken.entry(quota).or_default().1 += 1;
        }
    }

    pub(super) fn compare(
        mut self,
        view: &dyn Snapshot,
        shard: Shard,
        report: &mut CheckReport,
    ) -> Result<(), Fault> {
        let quotas = crate::queries::readable(view, Kind::Quota, shard)?;
        for quota in quotas.iter().filter_map(domain::quota::Quota::from_record) {
            let (held, sold) = self.taken.remove(&quota.id).unwrap_or_default();
            if (held, sold) != (quota.held.into(), quota.sold.into()) {
                report.find(format!(
                    "Quota {} of shard {} says {} held and {} sold, its sales say {held} and \
                     {sold}.",
                    quota.id.0, shard.0, quota.held, quota.sold
                ));
            }
        }
        let unknown = self.taken.into_iter().filter(|(_, (held, sold))| held + sold > 0);
        for (quota, (held, sold)) in unknown {
            report.find(format!(
                "Sales of shard {} take {held} held and {sold} sold places of quota {}, which \
                 cannot be found.",
                shard.0, quota.0
            ));
        }
        Ok(())
    }
}
