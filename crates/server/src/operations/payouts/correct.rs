//! `POST /payouts/correct`: a payout went wrong at the bank.

use contract::payouts::correct::{PayoutsCorrect, PayoutsCorrectResult};
use domain::audit::AuditEvent;
use domain::ids::{PayoutId, TaskId};
use domain::payout::CorrectPayout;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK, wrong};
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PayoutsCorrect>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match correct(app, call, &request).await {
        Ok(task) => {
            let (status_code, message) = (STATUS_OK, Some(MESSAGE_OK.into()));
            matched.reply(&PayoutsCorrectResult { status_code, message, task_id: int(task.0) }, 200)
        }
        Err(failure) => failure.reply(matched, |status_code, message| PayoutsCorrectResult {
            status_code,
            message: Some(message),
            task_id: 0,
        }),
    }
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
