//! `GET|POST /threeDSecure/return/{OrderId}`: a bank sends its holder's browser back.

use contract::three_d_secure_return::ThreeDSecureReturn;
use domain::enrolment::{EnrolmentState, OrderId};
use gateway::ChallengePage;
use service::matched::Matched;
use service::reply::Reply;

use super::return_page::{self, Came};
use super::{language, return_url};
use crate::app::App;
use crate::operations::Call;
use crate::three_d_secure::{
    CHALLENGE_ANSWER_LENGTH_MAX, NotProved, Standing, find, go_on, way_back,
};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<ThreeDSecureReturn>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let language = language(call.headers);
    let order_id = request.order_id.as_deref().and_then(|text| way_back::read(app, text));
    let Some(order_id) = order_id else { return return_page::reply(Came::Unknown, language) };
    let answers = [request.cres.as_deref(), request.pa_res.as_deref()];
    let answer = answers.into_iter().flatten().find(|text| !text.trim().is_empty());
    let answer = answer.filter(|text| text.len() <= CHALLENGE_ANSWER_LENGTH_MAX);
    let came = match go_on(app, &order_id, None, answer).await {
        Ok(Standing { page: Some(page), .. }) if answer.is_some() => return next_step(page),
        Ok(Standing { proof: Some(_), .. }) => Came::Passed,
        Err(NotProved::Refused(_)) => Came::Failed,
        Ok(_) | Err(_) => Came::Open,
    };
    let base_url = matched.exchange().base_url;
    let onward = go_back(app, &order_id, came, base_url).await;
    onward.unwrap_or_else(|came| return_page::reply(came, language))
}

/// The bank wants one more thing.
fn next_step(page: ChallengePage) -> Reply {
    match page {
        ChallengePage::Url(url) => redirect(url),
        ChallengePage::Html(html) => return_page::foreign(html),
    }
}

/// Sends the browser on to the app, if that said where.
async fn go_back(app: &App, order_id: &OrderId, came: Came, base_url: &str) -> Result<Reply, Came> {
    let enrolment = find(app, order_id).await.map_err(|error| match error {
        NotProved::Refused(_) => Came::Unknown,
        _ => came,
    })?;
    // An address that leads on for ever would lead people astray in our name.
    if app.clock.now() >= enrolment.expires_at() {
        return Err(Came::Unknown);
    }
    // A browser that comes back a second time, by its button, sees what came of it.
    let used = enrolment.state == EnrolmentState::Used;
    let came = if used { Came::Passed } else { came };
    let url = enrolment.return_url.as_deref();
    let is_allowed = |url: &&str| return_url::is_allowed(url, base_url, &app.http.return_hosts);
    let url = url.filter(is_allowed).ok_or(came)?;
    Ok(redirect(return_url::with_status(url, order_id.text(), came.name())))
}

fn redirect(url: String) -> Reply {
    Reply::empty(303).with_header("Location", url).with_header("Referrer-Policy", "no-referrer")
}
