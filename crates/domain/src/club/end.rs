//! A person cancels a contract from a day on. What was paid stays paid; money goes back by a
//! refund.

use std::sync::Arc;

use super::Date;
use super::contract::{Contract, ContractState};
use super::instalment::{Instalment, InstalmentState};
use super::overdue::{ask_people, withdraw_task};
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ContractId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// How many days ahead a contract may be cancelled.
pub const CANCEL_DAYS_AHEAD_MAX: i32 = 3_660;

/// Cancels a contract: what falls due on a day or later is not charged any more. What fell due
/// earlier is still owed. A charge that is under way is settled first, whatever comes of it.
#[derive(Clone, Debug)]
pub struct CancelContract {
    /// The chain.
    pub shard: Shard,
    /// Which contract.
    pub contract: ContractId,
    /// The first day on which it is no more; not before `today`.
    pub from: Date,
    /// The day, by the calendar of its store.
    pub today: Date,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for CancelContract {
    type Outcome = Arc<Contract>;

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Contract::key_of(self.shard, self.contract));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Contract>, Halt> {
        let last = self.today.plus_days(CANCEL_DAYS_AHEAD_MAX);
        if !(self.today..=last).contains(&self.from) {
            let message = format!("Cancel it from a day of {} to {last}.", self.today);
            return Err(Refusal::new(Code::StartDateOutOfRange, message).into());
        }
        let mut contract = find(facts, self.shard, self.contract)?;
        if !contract.state.is_alive() {
            return Err(refuse_state(&contract, "cancelled").into());
        }
        if contract.life.cancelled_from.is_some_and(|earlier| earlier < self.from) {
            let message = "It is cancelled from an earlier day already; what falls due after that \
                           day was given up, and stays so.";
            return Err(Refusal::new(Code::StartDateOutOfRange, message).into());
        }
        contract.life.cancelled_from = Some(self.from);
        contract.life.look_at = None;
        let is_over = |due: Date| due >= self.from;
        let mut cancelled = Vec::new();
        for instalment in &mut contract.instalments {
            let is_idle = instalment.state.is_open() && instalment.trying.is_none();
            if is_idle && is_over(instalment.payment.due) {
                instalment.close(InstalmentState::Cancelled);
                cancelled.push(instalment.number);
            }
        }
        for number in cancelled {
            withdraw_task(&mut contract, number, facts, now)?;
        }
        contract.follow_cancel(self.today, facts, now)?;
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(contract))
    }
}

impl Contract {
    /// Ends it when its day has come. What fell due before that day has its try first; what was
    /// paid in advance is the chain's, until somebody pays it back.
    pub(super) fn follow_cancel(
        &mut self,
        today: Date,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let Some(from) = self.life.cancelled_from.filter(|from| *from <= today) else {
            return Ok(());
        };
        let mut rows = self.instalments.iter();
        let is_to_try = self.state == ContractState::Active
            && rows.any(|it| it.state == InstalmentState::Scheduled && it.payment.due < from);
        if is_to_try || !self.state.is_alive() {
            return Ok(());
        }
        if !self.life.begun {
            self.begin(facts, now)?;
        }
        self.close_what_is_over(from);
        self.enter_state(ContractState::Cancelled, now);
        self.leave_to_people(facts, now)
    }

    /// What a freeze, or the thaw after it, has put off beyond the contract's last day is not owed.
    fn close_what_is_over(&mut self, from: Date) {
        let over = self.life.freeze.take().map_or(from, |freeze| freeze.from.min(from));
        let is_over = |it: &&mut Instalment| {
            let is_idle = it.state == InstalmentState::Scheduled && it.trying.is_none();
            is_idle && it.payment.due >= over
        };
        let instalments = self.instalments.iter_mut().filter(is_over);
        instalments.for_each(|instalment| instalment.close(InstalmentState::Cancelled));
    }

    /// What is still owed is tried no more by itself, so people are asked for it.
    fn leave_to_people(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let mut owed = Vec::new();
        for instalment in &mut self.instalments {
            if instalment.retry_on.take().is_some() {
                owed.push(instalment.number);
            }
        }
        for number in owed {
            ask_people(self, number, None, facts, now)?;
        }
        Ok(())
    }
}

/// The contract of a number.
///
/// # Errors
/// [`Code::ContractNotFound`]; [`Halt::Missing`]
pub(super) fn find(facts: &Facts<'_>, shard: Shard, id: ContractId) -> Result<Contract, Halt> {
    let contract = facts.look::<Contract>(Contract::key_of(shard, id))?.cloned();
    let message = "This chain has no such contract.";
    Ok(contract.ok_or_else(|| Refusal::new(Code::ContractNotFound, message))?)
}

/// The refusal for a contract that stands otherwise.
pub(super) fn refuse_state(contract: &Contract, what: &str) -> Refusal {
    let message = format!(
        "Contract {} is {} and cannot be {what} now. Nothing was changed.",
        contract.id.0,
        contract.state.name()
    );
    Refusal::new(Code::ContractNotActive, message)
}
