//! `POST /threeDSecure/finish`: what came of a challenge, with what the order needs.

use contract::three_d_secure_finish::ThreeDSecureFinish;
use contract::three_d_secure_start::ThreeDSecureResult;
use domain::enrolment::OrderId;
use service::matched::Matched;
use service::reply::Reply;

use super::{no_order_id, owner, result, with_base};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::answer;
use crate::operations::family::{Failure, wrong};
use crate::operations::signed::{self, signed};
use crate::three_d_secure::{CHALLENGE_ANSWER_LENGTH_MAX, go_on};

signed!(ThreeDSecureFinish, "ThreeDSecureFinish");

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| finish(app, call, request, matched.exchange().base_url).await;
    answer(app, matched, call, run).await
}

async fn finish(
    app: &App,
    call: &Call<'_>,
    mut request: ThreeDSecureFinish,
    base_url: &str,
) -> Result<ThreeDSecureResult, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let owner = owner(call, &origin, request.device_id.as_deref())?;
    let order_id = request.order_id.as_deref().map(str::trim).and_then(OrderId::parse);
    let order_id = order_id.ok_or_else(no_order_id)?;
    let answer = request.cres.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if answer.is_some_and(|text| text.len() > CHALLENGE_ANSWER_LENGTH_MAX) {
        return Err(Failure::invalid(vec![wrong("Cres", "It is too long.")]));
    }
    let standing = go_on(app, &order_id, Some(&owner), answer).await?;
    Ok(result(&with_base(standing, base_url)))
}
