//! Does what is stored hold together?

use crate::error::Fault;
use crate::snapshot::Snapshot;

/// What a check has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// What is wrong, each in a sentence; empty when all is well.
    pub findings: Vec<String>,
    /// Sales looked at.
    pub sales: u64,
    /// Postings added up.
    pub postings: u64,
    /// Payment attempts whose outcome is still to come.
    pub open_attempts: u64,
    /// Sales that wait for a person.
    pub reviews: u64,
    /// Effects that are owed.
    pub outbox: u64,
}

pub(crate) fn check(view: &dyn Snapshot) -> Result<CheckReport, Fault> {
    let findings = view.integrity()?;
    Ok(CheckReport { findings, outbox: view.outbox_length()?, ..CheckReport::default() })
}
