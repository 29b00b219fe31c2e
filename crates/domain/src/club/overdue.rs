//! What becomes of a payment of a contract when the sale that tries to charge it is settled, and
//! who is told that it is overdue; called in the sale's own commit.

use super::charge::letter_address;
use super::contract::{Contract, ContractState};
use super::instalment::{Instalment, InstalmentState};
use crate::books::{OwedFor, owe};
use crate::effect::{Effect, MailContent};
use crate::facts::{Facts, Halt};
use crate::ids::{ContractId, SaleId, Shard};
use crate::ledger::{Account, Posting};
use crate::money::Money;
use crate::profile::{self, WAITING_MAX, Wallet};
use crate::refusal::Code;
use crate::sale::{Goods, LetterAddress, Sale, TenderStatus};
use crate::task::{NewTask, Task, TaskDone, TaskKind, ask_person};
use crate::time::Timestamp;

/// The sale has paid an instalment: it is booked as tax, the platform's fee, and the chain's.
///
/// # Errors
/// [`Halt::Missing`] when something of it is not in memory.
pub(crate) fn paid(
    sale: &Sale,
    posting: Posting,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<Posting, Halt> {
    let Goods::Instalment { contract: id, number, tax, tax_jurisdiction } = &sale.goods else {
        return Ok(posting);
    };
    if let Some(mut contract) = tried_by(sale, *id, facts)? {
        if let Some(instalment) = contract.instalment_mut(*number) {
            instalment.pay(sale.id);
        }
        withdraw_task(&mut contract, *number, facts, now)?;
        facts.put(contract);
    }
    let posting = posting
        .credit(Account::TaxPayable(tax_jurisdiction.clone()), *tax)
        .credit(Account::PlatformFeeIncome, sale.fee);
    owe(facts, posting, OwedFor::Contract(*id), sale.total - tax - sale.fee)
}

/// The sale came to nothing: the instalment is tried again on a later day, or people are asked.
///
/// # Errors
/// [`Halt::Missing`] when something of it is not in memory.
pub(crate) fn not_paid(sale: &Sale, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
    let Goods::Instalment { contract: id, number, .. } = sale.goods else { return Ok(()) };
    let Some(mut contract) = tried_by(sale, id, facts)? else { return Ok(()) };
    let cancelled_from = contract.life.cancelled_from;
    let is_over = contract.state == ContractState::Cancelled;
    let why = why_not(sale);
    let moved_on = is_final(sale) && prefers_another(&contract, sale, facts, now)?;
    let Some(instalment) = contract.instalment_mut(number) else { return Ok(()) };
    if cancelled_from.is_some_and(|from| instalment.payment.due >= from) {
        instalment.close(InstalmentState::Cancelled);
        facts.put(contract);
        return Ok(());
    }
    let again = match is_final(sale) {
        _ if is_over => None,
        true => instalment.tried_on.filter(|_| moved_on),
        false => instalment.next_retry(),
    };
    instalment.fail(why, again);
    if again.is_none() {
        ask_people(&mut contract, number, Some(sale.id), facts, now)?;
    }
    facts.put(contract);
    Ok(())
}

/// The contract, if the sale is the one that tries to charge it.
fn tried_by(sale: &Sale, id: ContractId, facts: &Facts<'_>) -> Result<Option<Contract>, Halt> {
    let contract = facts.look::<Contract>(Contract::key_of(sale.shard, id))?;
    Ok(contract.filter(|contract| contract.trying() == Some(sale.id)).cloned())
}

/// Whether the account is of no use any more, so that another day changes nothing.
fn is_final(sale: &Sale) -> bool {
    let last = sale.tender_outcomes().pop();
    last.is_some_and(|last| {
        matches!(last.status, TenderStatus::HardDeclineAccount | TenderStatus::HardDeclineExpiry)
    })
}

/// Whether the member has chosen another means of paying since the sale was begun.
fn prefers_another(
    contract: &Contract,
    sale: &Sale,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<bool, Halt> {
    match profile::preferred(facts, contract.shard, contract.member, now) {
        Ok(preferred) => {
            let tried = sale.tenders.first().and_then(|part| part.profile);
            Ok(tried != Some(preferred.id))
        }
        Err(Halt::Refused(_)) => Ok(false),
        Err(halt) => Err(halt),
    }
}

fn why_not(sale: &Sale) -> Code {
    let last = sale.tender_outcomes().pop();
    let partial = last.is_some_and(|last| last.status == TenderStatus::PartialApproval);
    let why = last.and_then(|last| last.failure);
    why.unwrap_or(if partial { Code::InsufficientFunds } else { Code::PaymentDeclined })
}

/// Nothing more is tried by itself: a person is asked, the member is told, and a new means of
/// paying brings another try.
///
/// # Errors
/// [`Halt::Missing`]
pub(super) fn ask_people(
    contract: &mut Contract,
    number: u16,
    sale: Option<SaleId>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    wait_for_method(contract, facts)?;
    let Some(instalment) = contract.instalment(number).cloned() else { return Ok(()) };
    if is_asked(&instalment, contract.shard, facts)? {
        return Ok(());
    }
    let (kind, transfer) = (TaskKind::InstalmentUnpaid, None);
    let amount = instalment.payment.total();
    let money = Some(Money::new(amount, contract.terms.currency));
    let text = text_for_people(contract, &instalment);
    let task = NewTask { kind, sale, transfer, money, text };
    let task = ask_person(facts, contract.shard, task, now)?;
    if let Some(instalment) = contract.instalment_mut(number) {
        instalment.task = Some(task);
    }
    let Some(LetterAddress { to, language }) = letter_address(contract, facts)? else {
        return Ok(());
    };
    let content = MailContent::InstalmentUnpaid { contract: contract.id, number, amount };
    facts.owe(contract.shard, Effect::Mail { to, language, queued_at: now, content })
}

fn text_for_people(contract: &Contract, instalment: &Instalment) -> String {
    let why = instalment.failure.map_or("", Code::name);
    format!(
        "Payment {} of contract {} of member {} was due on {} and is not paid: {why}. Ask the \
         member for another means of paying; once they prefer one it is charged by itself.",
        instalment.number, contract.id.0, contract.member.0, instalment.payment.due
    )
}

fn is_asked(instalment: &Instalment, shard: Shard, facts: &Facts<'_>) -> Result<bool, Halt> {
    let Some(id) = instalment.task else { return Ok(false) };
    let task = facts.look::<Task>(Task::key_of(shard, id))?;
    Ok(task.is_some_and(|task| task.done.is_none()))
}

/// Nobody needs to see to it any more.
///
/// # Errors
/// [`Halt::Missing`]
pub(super) fn withdraw_task(
    contract: &mut Contract,
    number: u16,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let shard = contract.shard;
    let task = contract.instalment_mut(number).and_then(|instalment| instalment.task.take());
    let Some(task) = task else { return Ok(()) };
    let key = Task::key_of(shard, task);
    if facts.look::<Task>(key)?.is_some_and(|task| task.done.is_none())
        && let Some(task) = facts.edit::<Task>(key)?
    {
        let note = "It is paid, given up or cancelled meanwhile.".to_owned();
        task.done = Some(TaskDone { at: now, by: String::new(), note });
    }
    Ok(())
}

/// Has the contract looked at when its member prefers another means of paying.
fn wait_for_method(contract: &Contract, facts: &mut Facts<'_>) -> Result<(), Halt> {
    let (shard, member, id) = (contract.shard, contract.member, contract.id);
    let known = facts.look::<Wallet>(Wallet::key_of(shard, member))?.cloned();
    let mut wallet = known.unwrap_or_else(|| Wallet::empty(shard, member));
    if !wallet.waiting.contains(&id) && wallet.waiting.len() < WAITING_MAX {
        wallet.waiting.push(id);
        facts.put(wallet);
    }
    Ok(())
}

/// The member of these contracts prefers another means of paying: what waits for one is charged.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn method_preferred(
    shard: Shard,
    waiting: &[ContractId],
    facts: &mut Facts<'_>,
) -> Result<(), Halt> {
    for id in waiting {
        let Some(contract) = facts.edit::<Contract>(Contract::key_of(shard, *id))? else {
            continue;
        };
        let waits = |it: &&mut Instalment| {
            it.state == InstalmentState::PastDue && it.trying.is_none() && it.retry_on.is_none()
        };
        for instalment in contract.instalments.iter_mut().filter(waits) {
            instalment.retry_on = Some(instalment.payment.due);
        }
        contract.life.look_at = None;
    }
    Ok(())
}
