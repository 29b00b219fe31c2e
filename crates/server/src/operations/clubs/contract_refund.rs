//! `POST /sales/contracts/{ContractSaleID}/refund`: pays back one payment of a contract, or a part
//! of it (`payments.md` §6.7).

use std::time::Duration;

use contract::clubs::contract_refund::{RefundContract, RefundContractResponse};
use domain::audit::AuditEvent;
use domain::club::contract::Contract;
use domain::ids::SaleId;
use domain::money::Money;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::sale::refund::{RefundRequest, RefundSale, RefundWhat, RefundedSale};
use service::access::Principal as _;
use service::matched::Matched;
use service::reply::Reply;
use std::sync::Arc;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::{contracts, note};
use crate::access::users::CONTRACTS_REFUND;
use crate::app::App;
use crate::idempotency::is_key;
use crate::money::{decimal, minor_units};
use crate::operations::family::{Failure, MESSAGE_OK, wrong};
use crate::operations::refund::way_back;
use crate::operations::{Call, office};

/// How long an answer waits for the gateway; what is not known by then is told as on its way.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| refund(app, call, &request).await).await
}

async fn refund(
    app: &App,
    call: &Call<'_>,
    request: &RefundContract,
) -> Result<RefundContractResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "RefundContract")).await?;
    check_may(&by)?;
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let reference = reference(call, request)?;
    let id = request.contract_sale_id.as_deref().unwrap_or_default();
    let contract = contracts::one(app, &by, id, None).await?;
    let sale = payment(&contract, request.installment_number)?;
    let currency = contract.terms.currency;
    let amount = request.amount.map(|amount| minor_units(amount, currency)).transpose()?;
    let detail = format!("contract {}, sale {}: {reason}", contract.id.0, sale.0);
    let refund = RefundRequest {
        what: RefundWhat::Payment(amount),
        reason,
        by: by.caller.name.clone(),
        fee_returned: None,
        force: false,
        reference,
    };
    let note = note(call, &by, AuditEvent::Refunded, &detail);
    let command = RefundSale { shard: by.chain, sale, partner: None, request: refund, note };
    let refunded = app.store.submit(command).await?;
    let sale = finish(app, &refunded).await;
    let contract = contracts::one(app, &by, id, None).await?;
    Ok(response(&contract, &refunded, &sale))
}

/// The office, and keys that were given the permission.
fn check_may(by: &ClubCaller) -> Result<(), Refusal> {
    if by.caller.club.is_none() || by.caller.has_permission(CONTRACTS_REFUND) {
        return Ok(());
    }
    let message = "This key may not pay back; it needs the permission Contracts.Refund.";
    Err(Refusal::new(Code::Forbidden, message))
}

/// The caller's name for the refund. A part needs one, so that it is paid back once.
fn reference(call: &Call<'_>, request: &RefundContract) -> Result<Option<String>, Failure> {
    let key = call.idempotency_key;
    let message = match key {
        Some(key) if !is_key(key) => "It must have 1 to 255 printable characters.",
        None if request.amount.is_some() => "A part needs a key, so that it is paid back once.",
        _ => return Ok(key.map(str::to_owned)),
    };
    Err(Failure::invalid(vec![wrong("Idempotency-Key", message)]))
}

/// The sale that is meant: that of the contract, or the one that paid an instalment.
fn payment(contract: &Contract, number: Option<i32>) -> Result<SaleId, Failure> {
    let not_paid = || Refusal::new(Code::NotRefundable, "Nothing of it is paid.");
    let Some(number) = number.filter(|number| *number != 0) else {
        return Some(contract.sale).filter(|sale| sale.0 != 0).ok_or_else(|| not_paid().into());
    };
    let mut listed = contract.instalments.iter();
    let Some(instalment) = listed.find(|it| i32::from(it.number) == number) else {
        let message = "The contract has no such installment.";
        return Err(Failure::invalid(vec![wrong("InstallmentNumber", message)]));
    };
    Ok(instalment.paid_by.ok_or_else(not_paid)?)
}

/// Calls the gateway and waits a little for what it says; what takes longer goes on by itself.
async fn finish(app: &App, refunded: &RefundedSale) -> Arc<Sale> {
    let sale = Arc::clone(&refunded.sale);
    let Some(place) = app.till.place() else { return sale };
    let till = app.till.clone();
    let (given, next) = (Arc::clone(&sale), refunded.next.clone());
    let calling = tokio::spawn(async move { till.drive(place, given, next, None).await });
    match tokio::time::timeout(ANSWER_WAIT, calling).await {
        Ok(Ok(sale)) => sale,
        _ => sale,
    }
}

fn response(contract: &Contract, refunded: &RefundedSale, sale: &Sale) -> RefundContractResponse {
    let money = |amount| decimal(Money::new(amount, sale.currency));
    let is_back = sale.owed() <= 0;
    let way = || format!("{}: {}.", Code::RefundPending.name(), way_back(sale));
    RefundContractResponse {
        contract_sale_id: Some(contract.id.0.to_string()),
        status: Some(contract.state.name().to_owned()),
        success: is_back,
        description: Some(if is_back { MESSAGE_OK.to_owned() } else { way() }),
        amount_refunded: money(refunded.refund.money),
        total_refunded: money(sale.refunded()),
        currency: Some(sale.currency.code().to_owned()),
        already_refunded: refunded.repeated,
    }
}
