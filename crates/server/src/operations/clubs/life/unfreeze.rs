//! `POST /sales/contracts/{ContractSaleID}/unfreeze`:
//! a frozen contract goes on.

use contract::clubs::life::ContractChangedResponse;
use contract::clubs::life::unfreeze::UnfreezeContract;
use domain::audit::AuditEvent;
use domain::club::freeze;
use service::matched::Matched;
use service::reply::Reply;

use super::{Named, asked, changed};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| run(app, call, &request).await).await
}

async fn run(
    app: &App,
    call: &Call<'_>,
    request: &UnfreezeContract,
) -> Result<ContractChangedResponse, Failure> {
    let asked = asked!(request, "UnfreezeContract");
    let told = (request.contract_sale_id.as_deref(), request.reason.as_deref());
    let named = Named::find(app, call, &asked, told).await?;
    let note = named.note(call, AuditEvent::ContractUnfrozen, "");
    let (shard, contract, today) = (named.shard(), named.contract.id, named.calendar.today);
    let unfreeze = freeze::UnfreezeContract { shard, contract, today, note };
    let contract = app.store.submit(unfreeze).await?;
    Ok(changed(&contract, "It goes on."))
}
