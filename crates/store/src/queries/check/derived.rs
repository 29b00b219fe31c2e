//! The work table and the finder, derived anew from the aggregates.

use domain::ids::Shard;
use domain::record::Record;

use super::CheckReport;
use crate::changes::{Due, Found, due_of, found_of};
use crate::error::Fault;
use crate::queries::PAGE_ROWS_MAX;
use crate::snapshot::Snapshot;

/// Both tables of one shard as they should be.
#[derive(Default)]
pub(super) struct Derived {
    due: Vec<Due>,
    found: Vec<Found>,
}

impl Derived {
    pub(super) fn add(&mut self, record: &Record) {
        self.due.extend(due_of(record));
        self.found.extend(found_of(record));
    }

    pub(super) fn compare(
        mut self,
        view: &dyn Snapshot,
        shard: Shard,
        report: &mut CheckReport,
    ) -> Result<(), Fault> {
        let mut stored = view.due_of(shard)?;
        stored.retain(|due| *due != crate::transfer::UNFINISHED);
        let (missing, needless) = differences(&mut self.due, &mut stored);
        for due in missing {
            let (name, at) = (name_of(&due), due.at.0);
            report.find(format!("{name} is due at {at} but not in the work table."));
        }
        for due in needless {
            let (name, at) = (name_of(&due), due.at.0);
            report.find(format!("The work table names {name} at {at}, when it is not due."));
        }
        let mut stored = finder(view, shard)?;
        let (missing, needless) = differences(&mut self.found, &mut stored);
        for Found { kind, number, .. } in missing {
            report.find(format!(
                "{kind:?} {number} of shard {} is not found by one of its words.",
                shard.0
            ));
        }
        for Found { kind, number, .. } in needless {
            report.find(format!(
                "The finder leads to {kind:?} {number} of shard {} by a word that it does not \
                 have.",
                shard.0
            ));
        }
        Ok(())
    }
}

fn name_of(due: &Due) -> String {
    format!("{:?} {} of shard {}", due.kind, due.number, due.shard.0)
}

fn finder(view: &dyn Snapshot, shard: Shard) -> Result<Vec<Found>, Fault> {
    let mut rows: Vec<Found> = Vec::new();
    loop {
        let page = view.found_of(shard, rows.last(), PAGE_ROWS_MAX)?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}

/// What is expected and not stored, and what is stored and not expected.
fn differences<T: Ord + Copy>(expected: &mut [T], stored: &mut [T]) -> (Vec<T>, Vec<T>) {
    expected.sort_unstable();
    stored.sort_unstable();
    let without = |some: &[T], others: &[T]| -> Vec<T> {
        some.iter().filter(|row| others.binary_search(row).is_err()).copied().collect()
    };
    (without(expected, stored), without(stored, expected))
}
