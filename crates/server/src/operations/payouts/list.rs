//! `GET /payouts/{EventOwnerId}`: payouts that were made.

use contract::payouts::list::{PayoutsList, PayoutsListResult};
use domain::ids::PayoutId;
use service::matched::Matched;
use service::reply::Reply;
use store::PAGE_ROWS_MAX;

use super::payout;
use crate::app::App;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PayoutsList>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match list(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, |status_code, message| PayoutsListResult {
            status_code,
            message: Some(message),
            payouts: None,
        }),
    }
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &PayoutsList,
) -> Result<PayoutsListResult, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let after = PayoutId(office::number(request.after_id));
    let payouts = app.store.payouts(shard, after, PAGE_ROWS_MAX).await?;
    Ok(PayoutsListResult {
        status_code: STATUS_OK,
        message: Some(MESSAGE_OK.into()),
        payouts: Some(payouts.iter().map(|it| payout(it)).collect()),
    })
}
