//! `GET|POST /teamPasses`: the team passes of a phone.

use std::sync::Arc;

use contract::team_passes::{TeamPass, TeamPasses, TeamPassesResult};
use domain::pass::{Pass, PassType};
use domain::record::{Kind, word};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::answer::{answer, answers, ok};
use super::event_presentation::{int, utc};
use super::family::Failure;
use super::signed::{self, signed};
use super::team_pass_type::team_pass_type;
use crate::app::App;

signed!(TeamPasses, "TeamPasses");

/// The most passes of one phone that are shown.
const PASSES_FOUND_MAX: u32 = 1_000;

answers!(TeamPassesResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let results = Some(list(app, call, request).await?);
        Ok(TeamPassesResult { results, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    mut request: TeamPasses,
) -> Result<Vec<TeamPass>, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let phone = origin.phone_number().ok_or_else(|| {
        Refusal::new(Code::PhoneVerificationRequired, "Say whose passes: send a phone.")
    })?;
    let keys = app.store.find(word("phone", &phone), PASSES_FOUND_MAX).await?;
    let keys = keys.into_iter().filter(|key| key.kind == Kind::Pass && call.may_act_for(key.shard));
    let mut passes = app.store.read_all::<Pass>(keys.collect()).await?;
    passes.sort_by_key(|pass| pass.id);
    let kinds = kinds_of(app, &passes).await?;
    Ok(passes.iter().map(|pass| shown(pass, &kinds)).collect())
}

async fn kinds_of(app: &App, passes: &[Arc<Pass>]) -> Result<Vec<Arc<PassType>>, Failure> {
    let mut keys: Vec<_> =
        passes.iter().map(|pass| PassType::key_of(pass.shard, pass.pass_type)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(app.store.read_all(keys).await?)
}

fn shown(pass: &Pass, kinds: &[Arc<PassType>]) -> TeamPass {
    let kind = kinds.iter().find(|kind| kind.shard == pass.shard && kind.id == pass.pass_type);
    TeamPass {
        id: int(pass.id.0),
        team_pass_type: kind.map(|kind| team_pass_type(kind)),
        ticket_id: int(pass.sale.0),
        is_active: pass.active,
        used_event_ids: Some(pass.used.keys().map(|event| int(event.0)).collect()),
        timestamp_created: utc(pass.created_at),
    }
}
