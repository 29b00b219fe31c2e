//! `GET /gate/counts/{EventId}`: how many went in.

use std::collections::BTreeSet;

use contract::gate::counts::{GateCount, GateCounts, GateCountsResult};
use domain::gate::Gate;
use service::matched::Matched;
use service::reply::Reply;

use super::offer;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;

answers!(GateCountsResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| counts(app, call, &request).await).await
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
    Ok(GateCountsResult { total: int(gate.total()), gates: Some(gates.collect()), ..ok() })
}
