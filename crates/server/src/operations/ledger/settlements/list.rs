//! `GET /ledger/settlements`: files that were taken in, and what is still different.

use contract::ledger::settlements::SettlementDifference as Published;
use contract::ledger::settlements::list::{LedgerSettlements, LedgerSettlementsResult};
use domain::settlement::SettlementDifference;
use service::matched::Matched;
use service::reply::Reply;

use super::{difference_id, file, line};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::page::Page;

/// The most files, and the most differences, of one answer.
const ROWS_MAX: i32 = 1_000;

/// How many files are told where the request does not say.
const FILES_DEFAULT: i32 = 100;

answers!(LedgerSettlementsResult);

/// Serves the operation.
pub(in crate::operations::ledger) async fn serve(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Reply {
    answer(app, matched, call, async |request| list(app, &request).await).await
}

async fn list(app: &App, request: &LedgerSettlements) -> Result<LedgerSettlementsResult, Failure> {
    let page = Page::of(None, request.take, FILES_DEFAULT, ROWS_MAX)?;
    let wanted = request.gateway.as_deref().map(str::trim).filter(|gateway| !gateway.is_empty());
    let is_wanted = |gateway: &str| wanted.is_none_or(|wanted| wanted == gateway);
    let mut files = app.store.settlement_files().await?;
    files.retain(|file| is_wanted(&file.gateway));
    files.reverse();
    let mut differences = app.store.settlement_differences().await?;
    differences.retain(|difference| is_wanted(&difference.gateway));
    let all = Page::of(None, None, ROWS_MAX, ROWS_MAX)?;
    Ok(LedgerSettlementsResult {
        files: Some(page.cut(&files).map(|it| file(it)).collect()),
        differences: Some(all.cut(&differences).map(|it| difference(it)).collect()),
        ..ok()
    })
}

fn difference(difference: &SettlementDifference) -> Published {
    Published {
        difference_id: Some(difference_id(difference.hash)),
        kind: Some(difference.kind.name().into()),
        gateway: Some(difference.gateway.clone()),
        event_owner_id: int(difference.task_shard().0),
        task_id: int(difference.task.0),
        ticket_id: difference.place.map_or(0, |place| int(place.sale.0)),
        ..difference.line.as_ref().map(line).unwrap_or_default()
    }
}
