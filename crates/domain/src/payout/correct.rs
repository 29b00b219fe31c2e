//! A payout that went wrong at the bank is put right by a person; here that is written down.

use super::Payout;
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{PayoutId, Shard, TaskId};
use crate::money::Money;
use crate::refusal::{Code, Refusal};
use crate::task::{NewTask, TaskKind, ask_person};
use crate::time::Timestamp;

/// Asks a person to put a payout right.
#[derive(Clone, Debug)]
pub struct CorrectPayout {
    /// To whom it went.
    pub shard: Shard,
    /// Which.
    pub payout: PayoutId,
    /// What is wrong with it.
    pub text: String,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for CorrectPayout {
    type Outcome = TaskId;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), Payout::key_of(self.shard, self.payout)]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<TaskId, Halt> {
        let payout = facts.share::<Payout>(Payout::key_of(self.shard, self.payout))?;
        let payout = payout.ok_or_else(|| {
            Halt::from(Refusal::new(Code::PayoutNotFound, "There is no such payout."))
        })?;
        self.note.record_of(self.shard, facts, now);
        let task = NewTask {
            kind: TaskKind::PayoutCorrection,
            sale: None,
            transfer: None,
            money: Some(Money::new(payout.paid, payout.currency)),
            text: format!("Payout {}: {}", payout.id.0, self.text),
        };
        ask_person(facts, self.shard, task, now)
    }
}
