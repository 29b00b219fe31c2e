//! Who went in: what the gates of an event counted, beside what its tickets say.

use std::collections::{BTreeMap, BTreeSet};

use domain::gate::Gate;
use domain::ids::{EventId, Shard};
use domain::sale::Sale;

use super::CheckReport;

/// Entries by event.
#[derive(Default)]
pub(super) struct Gates {
    /// As the gates counted.
    counted: BTreeMap<EventId, u64>,
    /// As the tickets say.
    told: BTreeMap<EventId, u64>,
}

impl Gates {
    pub(super) fn add_gate(&mut self, gate: &Gate) {
        *self.counted.entry(gate.event).or_default() += u64::from(gate.total());
    }

    /// Each admission that went in with a good ticket counts once.
    pub(super) fn add_sale(&mut self, sale: &Sale) {
        let good = sale.scans.iter().filter(|scan| !scan.is_invalid);
        let admissions: BTreeSet<u16> = good.map(|scan| scan.admission).collect();
        if !admissions.is_empty() {
            *self.told.entry(sale.event).or_default() += admissions.len() as u64;
        }
    }

    pub(super) fn compare(&self, shard: Shard, report: &mut CheckReport) {
        let events: BTreeSet<EventId> =
            self.told.keys().chain(self.counted.keys()).copied().collect();
        for event in events {
            let told = self.told.get(&event).copied().unwrap_or_default();
            let counted = self.counted.get(&event).copied().unwrap_or_default();
            if counted != told {
                report.find(format!(
                    "The gates of event {} of shard {} counted {counted} entries, its tickets say \
                     {told}.",
                    event.0, shard.0
                ));
            }
        }
    }
}
