//! `POST /payouts/correct`: a payout went wrong at the bank.

use contract::payouts::correct::{PayoutsCorrect, PayoutsCorrectResult};
use domain::audit::AuditEvent;
use domain::ids::{PayoutId, TaskId};
use domain::payout::CorrectPayout;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};

answers!(PayoutsCorrectResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let task = correct(app, call, &request).await?;
        Ok(PayoutsCorrectResult { task_id: int(task.0), ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn correct(app: &App, call: &Call<'_>, request: &PayoutsCorrect) -> Result<TaskId, Failure> {
    let text = office::reason("Reason", request.reason.as_deref())?;
    let text =
        text.ok_or_else(|| Failure::invalid(vec![wrong("Reason", "Say what is wrong with it.")]))?;
    let shard = office::owner(call, request.event_owner_id)?;
    let payout = PayoutId(office::number(request.payout_id));
    let detail = format!("payout {} of seller {}: {text}", payout.0, shard.0);
    let note = office::audit(call, AuditEvent::PaidOut, &detail);
    Ok(app.store.submit(CorrectPayout { shard, payout, text, note }).await?)
}
