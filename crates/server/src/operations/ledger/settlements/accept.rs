//! `POST /ledger/settlements/accept`: another amount than the till took is good.

use contract::ledger::settlements::accept::{
    LedgerSettlementsAccept, LedgerSettlementsAcceptResult,
};
use domain::audit::AuditEvent;
use domain::refusal::{Code, Refusal};
use domain::settlement::{AcceptDifference, SettlementDifference};
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};

answers!(LedgerSettlementsAcceptResult);

/// Serves the operation.
pub(in crate::operations::ledger) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Reply {
    let run = async |request| {
        let already_settled = accept(app, call, &request).await?;
        Ok(LedgerSettlementsAcceptResult { already_settled, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn accept(
    app: &App,
    call: &Call<'_>,
    request: &LedgerSettlementsAccept,
) -> Result<bool, Failure> {
    let reason = office::reason("Reason", request.reason.as_deref())?;
    let reason =
        reason.ok_or_else(|| Failure::invalid(vec![wrong("Reason", "Say why it is accepted.")]))?;
    let id = request.difference_id.as_deref().map_or("", str::trim);
    let hash = u128::from_str_radix(id, 16).map_err(|_| {
        Failure::invalid(vec![wrong("DifferenceId", "It is no name of a difference.")])
    })?;
    let key = SettlementDifference::key_of(hash);
    let difference = app.store.read::<SettlementDifference>(key).await?.ok_or_else(|| {
        Refusal::new(Code::DifferenceNotFound, "There is no such difference of a settlement.")
    })?;
    let shard = difference.task_shard();
    let detail = format!("difference {id} of gateway {}: {reason}", difference.gateway);
    let note = office::audit(call, AuditEvent::SettlementTaken, &detail);
    Ok(app.store.submit(AcceptDifference { shard, hash, note }).await?)
}
