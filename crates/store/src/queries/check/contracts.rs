//! Contracts of clubs: each stands as the sale that pays for it, and promo codes were used as often
//! as contracts say.

use std::collections::BTreeMap;

use domain::club::PromoCode;
use domain::club::contract::{Contract, ContractState, InstalmentState};
use domain::ids::{ContractId, Shard};
use domain::record::{Aggregate, Record};
use domain::sale::{Sale, SaleState};

use super::CheckReport;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// The contract of a sale says the same of it as the sale does.
pub(super) fn check(
    view: &dyn Snapshot,
    sale: &Sale,
    id: ContractId,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let record: Option<Record> = match view.record(&Contract::key_of(sale.shard, id)) {
        Err(Fault::Unreadable(_)) => return Ok(()),
        record => record?,
    };
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    let contract = record.as_ref().and_then(Contract::from_record);
    let Some(contract) = contract.filter(|contract| contract.sale == sale.id) else {
        report.find(format!("{name} is of contract {}, which is not there.", id.0));
        return Ok(());
    };
    if !fits(sale, contract.state) {
        let (state, its) = (sale.state.name(), contract.state.name());
        report.find(format!("{name} is {state}, but its contract {} is {its}.", id.0));
    }
    let paid = paid_by(contract, sale);
    let expected = if sale.state == SaleState::Issued { sale.total } else { 0 };
    // What was paid long ago is only added up.
    let is_listed = contract.life.earlier.is_none();
    if is_listed && paid != expected {
        report.find(format!("{name} paid {expected} of contract {}, which says {paid}.", id.0));
    }
    Ok(())
}

/// A sale that tries to charge a payment is the one under way while it is not known what came of
/// it; the one that paid says so, and has paid what fell due.
pub(super) fn check_try(
    view: &dyn Snapshot,
    sale: &Sale,
    (id, number): (ContractId, u16),
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let record: Option<Record> = match view.record(&Contract::key_of(sale.shard, id)) {
        Err(Fault::Unreadable(_)) => return Ok(()),
        record => record?,
    };
    let name = format!("Sale {} of shard {}", sale.id.0, sale.shard.0);
    let Some(contract) = record.as_ref().and_then(Contract::from_record) else {
        report.find(format!("{name} is of contract {}, which is not there.", id.0));
        return Ok(());
    };
    let name = format!("{name} tries payment {number} of contract {}", id.0);
    // What was paid long ago is only added up.
    let Some(instalment) = contract.instalment(number) else { return Ok(()) };
    if sale.state.holds_places() != (instalment.trying == Some(sale.id)) {
        report.find(format!("{name} and is {}, but that says otherwise.", sale.state.name()));
    }
    let is_payer = instalment.paid_by == Some(sale.id);
    if is_payer != sale.issued_at.is_some() {
        report.find(format!("{name}; which of them was paid, the two do not agree."));
    }
    if is_payer && sale.total != instalment.payment.total() {
        let (paid, due) = (sale.total, instalment.payment.total());
        report.find(format!("{name} and paid {paid} where {due} were due."));
    }
    Ok(())
}

fn fits(sale: &Sale, contract: ContractState) -> bool {
    match contract {
        ContractState::Incomplete => false,
        ContractState::Draft => sale.state.holds_places(),
        // What was paid with the sale may have been paid back since.
        ContractState::Scheduled
        | ContractState::Active
        | ContractState::Frozen
        | ContractState::Completed
        | ContractState::Cancelled => sale.issued_at.is_some(),
        ContractState::NotSold => !sale.state.holds_places() && sale.issued_at.is_none(),
    }
}

fn paid_by(contract: &Contract, sale: &Sale) -> i64 {
    let paid = contract.instalments.iter().filter(|instalment| {
        instalment.state == InstalmentState::Paid && instalment.paid_by == Some(sale.id)
    });
    paid.map(|instalment| instalment.payment.total()).sum()
}

/// How often each promo code was used, as the code says and as contracts say.
#[derive(Default)]
pub(super) struct Contracts {
    uses: BTreeMap<u128, (u64, u64)>,
}

impl Contracts {
    pub(super) fn add_code(&mut self, code: &PromoCode) {
        self.uses.entry(code.hash).or_default().0 += u64::from(code.uses);
    }

    pub(super) fn add(&mut self, contract: &Contract) {
        let is_sold = !matches!(contract.state, ContractState::Incomplete | ContractState::NotSold);
        if is_sold && let Some(hash) = contract.promo {
            self.uses.entry(hash).or_default().1 += 1;
        }
    }

    pub(super) fn compare(&self, shard: Shard, report: &mut CheckReport) {
        for (code, contracts) in self.uses.values().filter(|(code, contracts)| code != contracts) {
            report.find(format!(
                "A promo code of shard {} says that it was used {code} times, contracts say \
                 {contracts}.",
                shard.0
            ));
        }
    }
}
