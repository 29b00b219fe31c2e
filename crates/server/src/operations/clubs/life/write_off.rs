//! `POST /sales/contracts/{ContractSaleID}/installments/{InstallmentNumber}/writeoff`:
//! nothing more is charged for an overdue payment.

use contract::clubs::life::ContractChangedResponse;
use contract::clubs::life::write_off::WriteOffInstallment;
use domain::audit::AuditEvent;
use domain::club::pay_now::WriteOffInstalment;
use service::matched::Matched;
use service::reply::Reply;

use super::{Named, asked, changed, payment_number};
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
    request: &WriteOffInstallment,
) -> Result<ContractChangedResponse, Failure> {
    let asked = asked!(request, "WriteOffInstallment");
    let told = (request.contract_sale_id.as_deref(), request.reason.as_deref());
    let named = Named::find(app, call, &asked, told).await?;
    let number = payment_number(request.installment_number)?;
    let what = format!(", payment {number}");
    let note = named.note(call, AuditEvent::InstalmentWrittenOff, &what);
    let (shard, contract, calendar) = (named.shard(), named.contract.id, named.calendar);
    let write_off = WriteOffInstalment { shard, contract, number, calendar, note };
    let contract = app.store.submit(write_off).await?;
    Ok(changed(&contract, "It is given up; nothing more is charged for it."))
}
