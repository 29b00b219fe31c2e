//! A person freezes a contract for some days, and ends a freeze.

use std::sync::Arc;

use super::Date;
use super::contract::{Contract, ContractState};
use super::end::{find, refuse_state};
use super::life::Freeze;
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ContractId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// How many days ahead a freeze may begin, and how many it may last.
pub const FREEZE_DAYS_MAX: i32 = 730;

/// Freezes a contract: what would be charged from a day on waits. When it goes on, everything that
/// was to come is charged so many days later, so that a member pays for each period once, and never
/// for two at a time.
#[derive(Clone, Debug)]
pub struct FreezeContract {
    /// The chain.
    pub shard: Shard,
    /// Which contract.
    pub contract: ContractId,
    /// The first day; not before `today`.
    pub from: Date,
    /// The day on which it goes on; `None` until somebody says so.
    pub until: Option<Date>,
    /// The day, by the calendar of its store.
    pub today: Date,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for FreezeContract {
    type Outcome = Arc<Contract>;

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Contract::key_of(self.shard, self.contract));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Contract>, Halt> {
        self.check_days()?;
        let mut contract = find(facts, self.shard, self.contract)?;
        if contract.state != ContractState::Active {
            return Err(refuse_state(&contract, "frozen").into());
        }
        contract.life.freeze = Some(Freeze { from: self.from, until: self.until });
        contract.life.look_at = None;
        contract.follow_freeze(self.today, now);
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(contract))
    }
}

impl FreezeContract {
    fn check_days(&self) -> Result<(), Refusal> {
        let last = self.today.plus_days(FREEZE_DAYS_MAX);
        let is_sound = |until: Date| until > self.from && until <= last.plus_days(FREEZE_DAYS_MAX);
        if (self.today..=last).contains(&self.from) && self.until.is_none_or(is_sound) {
            return Ok(());
        }
        let message = format!(
            "A freeze begins from {} to {last}, and ends after it begins, within two years.",
            self.today
        );
        Err(Refusal::new(Code::StartDateOutOfRange, message))
    }
}

/// Ends a freeze today, or takes back one that is to come.
#[derive(Clone, Debug)]
pub struct UnfreezeContract {
    /// The chain.
    pub shard: Shard,
    /// Which contract.
    pub contract: ContractId,
    /// The day, by the calendar of its store.
    pub today: Date,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for UnfreezeContract {
    type Outcome = Arc<Contract>;

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Contract::key_of(self.shard, self.contract));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Contract>, Halt> {
        let mut contract = find(facts, self.shard, self.contract)?;
        match contract.state {
            ContractState::Frozen => contract.thaw(self.today, now),
            ContractState::Active if contract.life.freeze.is_some() => {
                contract.life.freeze = None;
            }
            _ => return Err(refuse_state(&contract, "unfrozen").into()),
        }
        contract.life.look_at = None;
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(contract))
    }
}
