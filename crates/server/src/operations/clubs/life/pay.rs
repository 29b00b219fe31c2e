//! `POST /sales/contracts/{ContractSaleID}/installments/{InstallmentNumber}/pay`:
//! an overdue payment is charged now.

use contract::clubs::life::ContractChangedResponse;
use contract::clubs::life::pay::PayInstallment;
use domain::audit::AuditEvent;
use domain::club::charge::TryWith;
use domain::club::pay_now::PayInstalment;
use domain::sale::{Buyer, SaleState};
use service::matched::Matched;
use service::reply::Reply;

use super::{Named, asked, changed, payment_number};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::clubs::{contracts, profiles};
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| run(app, call, &request).await).await
}

async fn run(
    app: &App,
    call: &Call<'_>,
    request: &PayInstallment,
) -> Result<ContractChangedResponse, Failure> {
    let asked = asked!(request, "PayInstallment");
    let told = (request.contract_sale_id.as_deref(), request.reason.as_deref());
    let named = Named::find(app, call, &asked, told).await?;
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let number = payment_number(request.installment_number)?;
    let method = request.payment_profile_id.as_deref().filter(|text| !text.trim().is_empty());
    let method = method.map(|text| profiles::number(Some(text))).transpose()?;
    let what = format!(", payment {number}");
    let note = named.note(call, AuditEvent::InstalmentCharged, &what);
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let buyer = Buyer { principal: Some(named.by.caller.id), ..Buyer::default() };
    let with = TryWith { gateways: app.till.all_terms(), secret: app.secret()?, buyer };
    let (shard, contract, calendar) = (named.shard(), named.contract.id, named.calendar);
    let pay = PayInstalment { shard, contract, number, method, calendar, with, note };
    let state = match app.store.submit(pay).await? {
        Some((sale, next)) => Some(app.till.drive(place, sale, next, None).await.state),
        None => None,
    };
    let id = request.contract_sale_id.as_deref().unwrap_or_default();
    let contract = contracts::one(app, &named.by, id, None).await?;
    Ok(changed(&contract, description(state)))
}

/// What came of the charge, as far as it is known.
fn description(state: Option<SaleState>) -> &'static str {
    match state {
        Some(SaleState::Issued) => "It is paid.",
        Some(state) if state.holds_places() => {
            "PaymentPending: it is not known yet whether it was paid; ask for the contract, and do \
             not pay again."
        }
        _ => "PaymentNotCovered: it was not paid; the payment says why.",
    }
}
