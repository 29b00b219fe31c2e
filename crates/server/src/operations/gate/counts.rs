//! `GET /gate/counts/{EventId}`: how many went in.

use std::collections::BTreeSet;

use contract::gate::counts::{GateCount, GateCounts, GateCountsResult};
use domain::gate::Gate;
use service::matched::Matched;
use service::reply::Reply;

use super::offer;
use crate::app::App;
use crate::operations::Call;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<GateCounts>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match counts(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, |status_code, message| GateCountsResult {
            status_code,
            message: Some(message),
            ..GateCountsResult::default()
        }),
    }
}

async fn counts(
    app: &App,
    call: &Call<'_>,
    request: &GateCounts,
) -> Result<GateCountsResult, Failure> {
    let offer = offer(app, call, request.event_id).await?;
    let gate = app.store.read::<Gate>(Gate::key_of(offer.shard(), offer.event_id())).await?;
    let gate = gate.unwrap_or_default();
    let names: BTreeSet<&String> = gate.entries.keys().chain(gate.re_entries.keys()).collect();
    let gates = names.into_iter().map(|name| GateCount {
        gate: Some(name.clone()),
        entries: int(gate.entries.get(name).copied().unwrap_or(0)),
        re_entries: int(gate.re_entries.get(name).copied().unwrap_or(0)),
    });
    Ok(GateCountsResult {
        status_code: STATUS_OK,
        message: Some(MESSAGE_OK.into()),
        total: int(gate.total()),
        gates: Some(gates.collect()),
    })
}
