//! A settlement file that was taken in: what it said, and when, so that it is taken once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::record::Kind;
use crate::time::Timestamp;

/// A file that was taken in whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementFile {
    /// The hash of gateway and content.
    pub hash: u128,
    /// The gateway whose settlement it is.
    pub gateway: String,
    /// The format by which it was read.
    pub format: String,
    /// What it was called; for people.
    pub name: String,
    /// When it was taken in.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Lines that were booked now.
    pub settled: u32,
    /// Lines that were booked before, by another file.
    pub repeated: u32,
    /// Lines that a person is asked about.
    pub differences: u32,
    /// Lines about no payment, such as transfers to the bank.
    pub others: u32,
    /// What the lines that were booked add up to, a currency each.
    pub sums: Vec<SettlementSum>,
}

/// What lines of one currency add up to, in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementSum {
    /// The currency's code.
    pub currency: String,
    /// Charges.
    pub charges: i64,
    /// Refunds.
    pub refunds: i64,
    /// What the gateway kept.
    pub fees: i64,
}

impl SettlementSum {
    /// What came to the bank: charges less refunds and fees.
    #[must_use]
    pub fn net(&self) -> i64 {
        self.charges - self.refunds - self.fees
    }
}

impl SettlementFile {
    /// Where it lies.
    #[must_use]
    pub fn key_of(hash: u128) -> Key {
        Key::hashed(Shard::HOUSE, Kind::SettlementFile, 0, hash)
    }
}

/// Writes down that a file was taken in, after all its lines were.
#[derive(Clone, Debug)]
pub struct RecordSettlement {
    /// The file; its time is set here.
    pub file: SettlementFile,
    /// What the audit tells of it.
    pub note: AuditNote,
}

/// A file that is written down.
#[derive(Clone, Debug)]
pub struct RecordedSettlement {
    /// The file as it is stored.
    pub file: Arc<SettlementFile>,
    /// Whether it was written down before; then nothing was changed now.
    pub repeated: bool,
}

impl Command for RecordSettlement {
    type Outcome = RecordedSettlement;

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(SettlementFile::key_of(self.file.hash));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<RecordedSettlement, Halt> {
        let key = SettlementFile::key_of(self.file.hash);
        if let Some(file) = facts.share::<SettlementFile>(key)? {
            return Ok(RecordedSettlement { file, repeated: true });
        }
        self.note.record_of(Shard::HOUSE, facts, now);
        let file = facts.put(SettlementFile { at: now, ..self.file.clone() });
        Ok(RecordedSettlement { file, repeated: false })
    }
}
