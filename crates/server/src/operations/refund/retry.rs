//! `POST /refund/retry`: sends money again that no gateway took.

use contract::refund::retry::RefundRetry;
use contract::ticket_order_status::TicketOrderStatusResult;
use domain::audit::AuditEvent;
use domain::refusal::Code;
use domain::sale::Sale;
use domain::sale::refund::RetryRefund;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::operations::answer::answer;
use crate::operations::by_handle;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK, told};
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| retry(app, call, &request).await).await
}

async fn retry(
    app: &App,
    call: &Call<'_>,
    request: &RefundRetry,
) -> Result<TicketOrderStatusResult, Failure> {
    let sale = by_handle::in_scope(app, call, request.ticket_token_id.as_deref()).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let detail = format!("ticket {} of seller {}: tried again", sale.id.0, sale.shard.0);
    let command = RetryRefund {
        shard: sale.shard,
        sale: sale.id,
        partner: sale.card_seller(),
        note: office::audit(call, AuditEvent::Refunded, &detail),
    };
    let (sale, next) = app.store.submit(command).await?;
    let sale = app.till.drive(place, sale, next, None).await;
    Ok(result(&sale))
}

fn result(sale: &Sale) -> TicketOrderStatusResult {
    let (status_code, message) = if sale.owed() > 0 {
        told(Code::RefundPending, "The money is not back yet; ask again, or look at the tasks.")
    } else {
        (STATUS_OK, MESSAGE_OK.into())
    };
    TicketOrderStatusResult {
        status_code,
        success: sale.owed() <= 0,
        message: Some(message),
        ticket_status: Some(sale.ticket_status().into()),
    }
}
