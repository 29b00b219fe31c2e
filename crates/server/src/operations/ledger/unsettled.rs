//! `GET /ledger/unsettled/{EventOwnerId}`: what gateways have not paid out yet.

use contract::ledger::unsettled::{LedgerUnsettled, LedgerUnsettledResult, UnsettledPayment};
use domain::ids::SaleId;
use service::matched::Matched;
use service::reply::Reply;
use store::{PAGE_ROWS_MAX, Unsettled};

use super::amount;
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// How many pages of sales one request reads; who wants more asks again from `nextId`.
const READS_MAX: usize = 20;

/// How many payments one page holds before no more sales are read.
const PAYMENTS_MAX: usize = 1_000;

answers!(LedgerUnsettledResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &LedgerUnsettled,
) -> Result<LedgerUnsettledResult, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let gateway = request.gateway.as_deref().map(str::trim).filter(|gateway| !gateway.is_empty());
    let mut after = SaleId(office::number(request.after_id));
    let mut payments = Vec::new();
    let mut next = None;
    for _ in 0..READS_MAX {
        let (found, last) = app.store.unsettled(shard, after, PAGE_ROWS_MAX).await?;
        next = last;
        let of_gateway = |it: &&Unsettled| gateway.is_none_or(|name| it.attempt.terms.name == name);
        payments.extend(found.iter().filter(of_gateway).map(payment));
        let Some(last) = last else { break };
        after = last;
        if payments.len() >= PAYMENTS_MAX {
            break;
        }
    }
    let next_id = next.map_or(0, |last| int(last.0));
    Ok(LedgerUnsettledResult { payments: Some(payments), next_id, ..ok() })
}

fn payment(unsettled: &Unsettled) -> UnsettledPayment {
    let attempt = &unsettled.attempt;
    let reference = attempt.approval.as_ref().map(|approval| approval.reference.clone());
    UnsettledPayment {
        event_owner_id: int(unsettled.shard.0),
        ticket_id: int(unsettled.sale.0),
        attempt: i32::from(attempt.number),
        gateway: Some(attempt.terms.name.clone()),
        payment_key: Some(attempt.key.clone()),
        payment_reference: reference,
        amount: amount(attempt.money(), unsettled.currency),
        currency: Some(unsettled.currency.into()),
        created_utc: utc(attempt.created_at),
    }
}
