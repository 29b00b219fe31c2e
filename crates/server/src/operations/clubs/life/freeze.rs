//! `POST /sales/contracts/{ContractSaleID}/freeze`:
//! nothing is charged for some days.

use contract::clubs::life::ContractChangedResponse;
use contract::clubs::life::freeze::FreezeContract;
use domain::audit::AuditEvent;
use domain::club::freeze;
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
    request: &FreezeContract,
) -> Result<ContractChangedResponse, Failure> {
    let asked = asked!(request, "FreezeContract");
    let told = (request.contract_sale_id.as_deref(), request.reason.as_deref());
    let named = Named::find(app, call, &asked, told).await?;
    let today = named.calendar.today;
    let from = day(request.from_date).unwrap_or(today);
    let until = day(request.until_date);
    let note = named.note(call, AuditEvent::ContractFrozen, &format!(" from {from}"));
    let (shard, contract) = (named.shard(), named.contract.id);
    let freeze = freeze::FreezeContract { shard, contract, from, until, today, note };
    let contract = app.store.submit(freeze).await?;
    Ok(changed(&contract, "It is frozen; what is to come is charged so many days later."))
}
