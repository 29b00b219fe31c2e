//! A person accepts what a gateway settled in place of what the till took.

use super::settle::book;
use super::{DifferenceKind, SettlementDifference};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::time::Timestamp;

/// Books a line whose amount differs: the difference is given up, or won.
#[derive(Clone, Debug)]
pub struct AcceptDifference {
    /// Whose payment it is, as the difference says ([`SettlementDifference::task_shard`]).
    pub shard: Shard,
    /// The difference.
    pub hash: u128,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for AcceptDifference {
    /// Whether it was accepted, or settled by itself, before; then nothing was changed now.
    type Outcome = bool;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(SettlementDifference::key_of(self.hash));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        let key = SettlementDifference::key_of(self.hash);
        let difference = facts.share::<SettlementDifference>(key)?.ok_or_else(not_found)?;
        if difference.cleared_at.is_some() {
            return Ok(true);
        }
        let (line, place) = match (&difference.line, difference.place) {
            (Some(line), Some(place)) if difference.kind == DifferenceKind::WrongAmount => {
                (line, place)
            }
            _ => return Err(not_acceptable().into()),
        };
        if place.shard != self.shard {
            return Err(not_found().into());
        }
        let sale = facts.share::<Sale>(Sale::key_of(place.shard, place.sale))?;
        let sale = sale.ok_or_else(not_found)?;
        let attempt = sale.unsettled().find(|attempt| attempt.number == place.attempt);
        let attempt = attempt.ok_or_else(not_acceptable)?;
        book(&sale, attempt, line, facts, now)?;
        self.note.record_of(place.shard, facts, now);
        Ok(false)
    }
}

fn not_found() -> Refusal {
    Refusal::new(Code::DifferenceNotFound, "There is no such difference of a settlement.")
}

fn not_acceptable() -> Refusal {
    let message = "Only another amount for a payment that is not settled yet can be accepted; \
                   close the task when the rest is cleared up.";
    Refusal::new(Code::DifferenceNotAcceptable, message)
}
