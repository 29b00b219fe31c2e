//! `GET /TeamPassTypes/PassType/{Id}`: one kind of team pass.

use contract::team_pass_type::{GetTeamPassType, GetTeamPassTypeResult};
use contract::ticket_order::TeamPassType;
use domain::ids::{NumberKind, PassTypeId};
use domain::money::Money;
use domain::pass::PassType;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::Call;
use super::answer::{answer, answers, ok};
use super::event_presentation::{int, utc};
use super::family::Failure;
use crate::app::App;
use crate::money::decimal;

answers!(GetTeamPassTypeResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request: GetTeamPassType| {
        let result = Some(read(app, call, request.id).await?);
        Ok(GetTeamPassTypeResult { result, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn read(app: &App, call: &Call<'_>, id: i32) -> Result<TeamPassType, Failure> {
    let not_found = || Refusal::new(Code::TeamPassNotValid, "There is no such team pass.");
    let id = u32::try_from(id).map_err(|_| not_found())?;
    let shard = app.store.shard_of(NumberKind::PassType, id).await?;
    let shard = shard.filter(|shard| call.may_act_for(*shard));
    let key = PassType::key_of(shard.ok_or_else(not_found)?, PassTypeId(id));
    let kind = app.store.read::<PassType>(key).await?;
    Ok(team_pass_type(&*kind.ok_or_else(not_found)?))
}

/// A kind of team pass as published (`domain.md` §3.2).
pub(super) fn team_pass_type(kind: &PassType) -> TeamPassType {
    let ticket_type = Some(int(kind.ticket_type.0));
    TeamPassType {
        id: int(kind.id.0),
        name: Some(kind.name.clone()),
        price: decimal(Money::new(kind.price, kind.currency)),
        series_id: int(kind.series.0),
        owner_id: int(kind.shard.0),
        series_ticket_type: ticket_type.filter(|_| kind.of_series),
        series_owner_ticket_type: ticket_type.filter(|_| !kind.of_series),
        is_active: kind.active,
        only_for_team_use: kind.team_only,
        timestamp_created: utc(kind.created_at),
        timestamp_last_changed: utc(kind.changed_at),
    }
}
