//! `GET|POST /teamPassTypes/Search`: the kinds of team pass that clubs sell.

use std::sync::Arc;

use contract::team_pass_types_search::{SearchTeamPassTypes, SearchTeamPassTypesResult};
use domain::pass::PassType;
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::answer::{answer, answers, ok};
use super::event_presentation::int;
use super::family::Failure;
use super::page::Page;
use super::team_pass_type::team_pass_type;
use crate::app::App;

/// Kinds returned when a request does not say how many.
const TAKE_DEFAULT: i32 = 50;

/// Most kinds one answer holds.
const TAKE_MAX: i32 = 100;

answers!(SearchTeamPassTypesResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| search(app, call, &request).await).await
}

async fn search(
    app: &App,
    call: &Call<'_>,
    request: &SearchTeamPassTypes,
) -> Result<SearchTeamPassTypesResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let mut found: Vec<Arc<PassType>> = Vec::new();
    for seller in app.catalogue.sellers().await? {
        let wanted = seller.pass_types.iter().filter(|kind| is_wanted(kind, request, call));
        found.extend(wanted.cloned());
    }
    found.sort_by_key(|kind| kind.id);
    Ok(SearchTeamPassTypesResult {
        results: Some(page.cut(&found).map(|kind| team_pass_type(kind)).collect()),
        total: int(u32::try_from(found.len()).unwrap_or(u32::MAX)),
        ..ok()
    })
}

/// Only a club itself sees what only it may give out.
fn is_wanted(kind: &PassType, request: &SearchTeamPassTypes, call: &Call<'_>) -> bool {
    request.owner_id.is_none_or(|id| id == int(kind.shard.0))
        && request.series_id.is_none_or(|id| id == int(kind.series.0))
        && (kind.active || !request.only_active)
        && !(kind.team_only && super::origin::is_app(call))
        && call.may_act_for(kind.shard)
}
