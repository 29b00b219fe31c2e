//! A person has an overdue payment of a contract charged now, or gives it up.

use std::sync::Arc;

use super::charge::{Charged, TryWith};
use super::contract::{Contract, ContractState};
use super::end::{find, refuse_state};
use super::instalment::{Instalment, InstalmentState};
use super::life::Calendar;
use super::overdue::withdraw_task;
use super::tender::part_of;
use crate::audit::AuditNote;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ContractId, PaymentProfileId, Shard};
use crate::profile;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// Charges an overdue payment with a means of paying on file.
#[derive(Clone, Debug)]
pub struct PayInstalment {
    /// The chain.
    pub shard: Shard,
    /// Which contract.
    pub contract: ContractId,
    /// Which payment of it, from 1.
    pub number: u16,
    /// What pays; `None` for what the member prefers.
    pub method: Option<PaymentProfileId>,
    /// The calendar of its store.
    pub calendar: Calendar,
    /// What the try is made with.
    pub with: TryWith,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for PayInstalment {
    type Outcome = Charged;

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), Contract::key_of(self.shard, self.contract)]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Charged, Halt> {
        let contract = find(facts, self.shard, self.contract)?;
        open(&contract, self.number, self.calendar)?;
        let member = contract.member;
        let payer = match self.method {
            Some(id) => profile::by_id(facts, self.shard, member, id, now)?,
            None => profile::preferred(facts, self.shard, member, now)?,
        };
        part_of(&payer, None, &self.with.gateways)?;
        self.note.record_of(self.shard, facts, now);
        self.with.begin(contract, self.number, Ok(payer), self.calendar, (facts, now))
    }
}

/// Gives an overdue payment up: nothing more is charged for it.
#[derive(Clone, Debug)]
pub struct WriteOffInstalment {
    /// The chain.
    pub shard: Shard,
    /// Which contract.
    pub contract: ContractId,
    /// Which payment of it, from 1.
    pub number: u16,
    /// The calendar of its store.
    pub calendar: Calendar,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for WriteOffInstalment {
    type Outcome = Arc<Contract>;

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Contract::key_of(self.shard, self.contract));
    }

    /// Nothing was booked for it yet, so there is nothing to book.
    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Contract>, Halt> {
        let mut contract = find(facts, self.shard, self.contract)?;
        open(&contract, self.number, self.calendar)?;
        if let Some(instalment) = contract.instalment_mut(self.number) {
            instalment.close(InstalmentState::WrittenOff);
        }
        withdraw_task(&mut contract, self.number, facts, now)?;
        contract.life.look_at = None;
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(contract))
    }
}

/// The payment of a number, if the contract was sold, the payment is overdue, and nothing of the
/// contract is being charged.
fn open(contract: &Contract, number: u16, calendar: Calendar) -> Result<&Instalment, Refusal> {
    let unsold = [ContractState::Incomplete, ContractState::Draft, ContractState::NotSold];
    if unsold.contains(&contract.state) {
        return Err(refuse_state(contract, "charged"));
    }
    let instalment = contract.instalment(number).ok_or_else(|| {
        let message = format!("Contract {} has no payment {number}.", contract.id.0);
        Refusal::new(Code::InstallmentNotFound, message)
    })?;
    if let Some(sale) = contract.trying() {
        let message = format!(
            "A payment of the contract is being charged by sale {}; wait until it is known what \
             comes of it. Nothing was charged now.",
            sale.0
        );
        return Err(Refusal::new(Code::PaymentPending, message));
    }
    if !instalment.is_overdue(calendar.today) {
        let message = format!(
            "Payment {number} is {}, due on {}; only what is overdue can be charged or given up.",
            instalment.state.name(),
            instalment.payment.due
        );
        return Err(Refusal::new(Code::InstallmentNotOpen, message));
    }
    Ok(instalment)
}
