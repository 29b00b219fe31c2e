//! `GET /payouts/{EventOwnerId}`: payouts that were made.

use contract::payouts::list::{PayoutsList, PayoutsListResult};
use domain::ids::PayoutId;
use service::matched::Matched;
use service::reply::Reply;
use store::PAGE_ROWS_MAX;

use super::payout;
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;
use crate::operations::{Call, office};

answers!(PayoutsListResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &PayoutsList,
) -> Result<PayoutsListResult, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let after = PayoutId(office::number(request.after_id));
    let payouts = app.store.payouts(shard, after, PAGE_ROWS_MAX).await?;
    Ok(PayoutsListResult { payouts: Some(payouts.iter().map(|it| payout(it)).collect()), ..ok() })
}
