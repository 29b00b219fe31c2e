//! What became of the sale of a contract (`domain.md` §6.2, `payments.md` §4.2).

use std::collections::HashMap;
use std::sync::Arc;

use contract::contract_sold::{ContractSoldResponse, PendingPaymentResponse, ResponseStatus};
use domain::attempt::Attempt;
use domain::club::contract::{Contract, ContractTerms};
use domain::facts::Key;
use domain::ids::{ContractId, PaymentProfileId};
use domain::money::Money;
use domain::profile::PaymentProfile;
use domain::record::{Aggregate as _, Record};
use domain::refusal::{Code, Refusal};
use domain::sale::{Goods, Sale, TenderOutcome, TenderStatus};

use crate::app::App;
use crate::money::decimal;
use crate::operations::family::{Failure, payment_message};

/// The answer for the sale that the request led to.
pub(in crate::operations::clubs) async fn response(
    app: &App,
    sale: &Sale,
) -> Result<ContractSoldResponse, Failure> {
    let outcomes = sale.tender_outcomes();
    let profiles = outcomes.iter().filter_map(|outcome| outcome.profile);
    let profiles = profiles.map(|id| PaymentProfile::key_of(sale.shard, id));
    let keys = std::iter::once(key_of(sale)?).chain(profiles).collect();
    let found = app.store.read_records(keys).await?;
    let found: Vec<Record> = found.into_iter().flatten().collect();
    let contract = found.iter().find_map(Contract::from_record).ok_or_else(not_found)?;
    Ok(ContractSoldResponse {
        contract_sale_id: names_contract(sale).then(|| contract_sale_id(contract.id)),
        description: Some(description(sale, &contract.terms)),
        success: is_sold(sale),
        payment_responses: Some(rows(app, sale, &outcomes, &found)),
    })
}

/// The contract that a sale is of.
pub(in crate::operations::clubs) async fn contract(
    app: &App,
    sale: &Sale,
) -> Result<Arc<Contract>, Failure> {
    let contract = app.store.read::<Contract>(key_of(sale)?).await?;
    Ok(contract.ok_or_else(not_found)?)
}

/// Where the contract of a sale lives.
fn key_of(sale: &Sale) -> Result<Key, Refusal> {
    let Goods::Contract { contract } = sale.goods else { return Err(not_found()) };
    Ok(Contract::key_of(sale.shard, contract))
}

fn not_found() -> Refusal {
    Refusal::new(Code::ContractNotFound, "There is no such contract.")
}

/// The published id of a contract.
pub(in crate::operations::clubs) fn contract_sale_id(id: ContractId) -> String {
    id.0.to_string()
}

/// What was paid back later was sold all the same.
fn is_sold(sale: &Sale) -> bool {
    sale.issued_at.is_some()
}

/// A contract is named once it is sold, and while nobody knows yet, so that it can be asked for.
fn names_contract(sale: &Sale) -> bool {
    is_sold(sale) || sale.state.holds_places()
}

fn description(sale: &Sale, terms: &ContractTerms) -> String {
    let (package, plan) = (&terms.package_name, &terms.plan_name);
    if is_sold(sale) {
        return format!("Sold: {package}, {plan}");
    }
    if sale.state.holds_places() {
        return format!(
            "{}: It is not known yet whether {package} is paid; ask for the contract, or send the \
             same request again. Do not pay again.",
            Code::PaymentPending.name()
        );
    }
    let why = sale.failure.map_or("Nothing was charged.", payment_message);
    format!("PaymentNotCovered: {package} was not sold; what was taken is given back. {why}")
}

fn rows(
    app: &App,
    sale: &Sale,
    outcomes: &[TenderOutcome],
    found: &[Record],
) -> Vec<PendingPaymentResponse> {
    let profiles: HashMap<PaymentProfileId, &PaymentProfile> = found
        .iter()
        .filter_map(PaymentProfile::from_record)
        .map(|profile| (profile.id, &**profile))
        .collect();
    let asked = sale.attempts.iter().filter(|it| it.verb.asks_payer() && it.tender.is_some());
    let rows = asked.zip(outcomes).map(|(attempt, outcome)| {
        let profile = outcome.profile.and_then(|id| profiles.get(&id));
        row(app, sale, attempt, outcome, profile.copied())
    });
    rows.collect()
}

fn row(
    app: &App,
    sale: &Sale,
    attempt: &Attempt,
    outcome: &TenderOutcome,
    profile: Option<&PaymentProfile>,
) -> PendingPaymentResponse {
    let reference = attempt.approval.as_ref().map(|approval| approval.reference.clone());
    PendingPaymentResponse {
        response_transaction_id: Some(attempt.key.clone()),
        response_txn_id: reference.filter(|reference| !reference.is_empty()),
        response_status: status(outcome.status),
        response_amount: decimal(Money::new(outcome.approved, sale.currency)),
        response_text: Some(outcome.text()),
        last4: profile.map(|profile| profile.last_four.clone()),
        acct_class: profile.map(|profile| profile.account.class().name().to_owned()),
        acct_type: profile.map(|profile| profile.account.name().to_owned()),
        acct_token: profile.map(|profile| app.vault.acct_token(profile)),
    }
}

fn status(status: TenderStatus) -> ResponseStatus {
    match status {
        TenderStatus::Unknown => ResponseStatus::StsUnknown,
        TenderStatus::Success => ResponseStatus::StsSuccess,
        TenderStatus::Decline => ResponseStatus::StsDecline,
        TenderStatus::Error => ResponseStatus::StsError,
        TenderStatus::HardDeclineAccount => ResponseStatus::HardDeclineAccount,
        TenderStatus::HardDeclineExpiry => ResponseStatus::HardDeclineExpiry,
        TenderStatus::PartialApproval => ResponseStatus::PartialApproval,
        TenderStatus::PendingSuccess => ResponseStatus::PendingSuccess,
    }
}
