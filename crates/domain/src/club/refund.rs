//! Paying back a payment of a contract: what that does to the contract (`payments.md` §6.7). The
//! money goes the way of every refund ([`crate::sale::refund`]).
//!
//! A payment is a sale: that of the contract, or a later one of an instalment. Money that goes back
//! does not end a contract that has begun; people cancel it, or not. One that has not begun is
//! cancelled when its first payment goes back whole: nothing is left of what was bought. Its chain
//! keeps what was not promised back, and a use of its promo code is free again.

use super::contract::{self, Contract, ContractState, InstalmentState};
use crate::facts::{Facts, Halt};
use crate::ids::ContractId;
use crate::refusal::{Code, Refusal};
use crate::sale::{Goods, Sale};
use crate::time::Timestamp;

/// Says in the contract that a payment of it was paid back; `whole` when nothing of it is left.
///
/// # Errors
/// [`Halt::Missing`] when something of it is not in memory.
pub(crate) fn refunded(
    sale: &Sale,
    whole: bool,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(id) = contract_of(sale).filter(|_| whole) else { return Ok(()) };
    let known = facts.look::<Contract>(Contract::key_of(sale.shard, id))?;
    let Some(mut contract) = known.cloned() else { return Ok(()) };
    if !contract.life.begun {
        // In contracts of the first version it follows from what is paid until now.
        contract.life.deferred = Some(contract.deferred(facts)?);
    }
    let paid = contract.instalments.iter_mut().filter(|it| it.paid_by == Some(sale.id));
    paid.for_each(|instalment| instalment.state = InstalmentState::Refunded);
    contract.changed_at = now;
    let is_undone = contract.state == ContractState::Scheduled && contract.sale == sale.id;
    if !is_undone {
        facts.put(contract);
        return Ok(());
    }
    // The books of a contract that ends are those of one that has begun: nothing stays in advance.
    contract.begin(facts, now)?;
    contract.cancel_unbegun(now);
    let (member, promo) = (contract.member, contract.promo.take());
    facts.put(contract);
    contract::give_promo_back(facts, sale.shard, member, promo)
}

/// Minor units of tax in what the sale of a contract paid, and to whom they are owed.
///
/// # Errors
/// [`Code::NotRefundable`] where the contract lists no longer what it paid; [`Halt::Missing`].
pub(crate) fn tax_of(
    sale: &Sale,
    id: ContractId,
    facts: &Facts<'_>,
) -> Result<(i64, String), Halt> {
    let contract = facts.look::<Contract>(Contract::key_of(sale.shard, id))?;
    let paid = contract.iter().flat_map(|contract| &contract.instalments);
    let paid = paid.filter(|instalment| instalment.paid_by == Some(sale.id));
    let (tax, total) = paid.fold((0, 0), |(tax, total), instalment| {
        (tax + instalment.payment.tax, total + instalment.payment.total())
    });
    match contract.filter(|_| total == sale.total) {
        Some(contract) => Ok((tax, contract.terms.jurisdiction.clone())),
        None => {
            let message = "The payment is too old for its tax to be known; pay it back by hand.";
            Err(Refusal::new(Code::NotRefundable, message).into())
        }
    }
}

fn contract_of(sale: &Sale) -> Option<ContractId> {
    match sale.goods {
        Goods::Contract { contract } | Goods::Instalment { contract, .. } => Some(contract),
        _ => None,
    }
}
