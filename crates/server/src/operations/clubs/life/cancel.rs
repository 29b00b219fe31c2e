//! `POST /sales/contracts/{ContractSaleID}/cancel`:
//! it ends on a day.

use contract::clubs::life::ContractChangedResponse;
use contract::clubs::life::cancel::CancelContract;
use domain::audit::AuditEvent;
use domain::club::end;
use service::matched::Matched;
use service::reply::Reply;

use super::{Named, asked, changed};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::clubs::dates::day;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| run(app, call, &request).await).await
}

async fn run(
    app: &App,
    call: &Call<'_>,
    request: &CancelContract,
) -> Result<ContractChangedResponse, Failure> {
    let asked = asked!(request, "CancelContract");
    let told = (request.contract_sale_id.as_deref(), request.reason.as_deref());
    let named = Named::find(app, call, &asked, told).await?;
    let today = named.calendar.today;
    let from = day(request.from_date).unwrap_or(today);
    let note = named.note(call, AuditEvent::ContractCancelled, &format!(" from {from}"));
    let (shard, contract) = (named.shard(), named.contract.id);
    let cancel = end::CancelContract { shard, contract, from, today, note };
    let contract = app.store.submit(cancel).await?;
    Ok(changed(&contract, "It is cancelled; nothing that falls due later is charged."))
}
