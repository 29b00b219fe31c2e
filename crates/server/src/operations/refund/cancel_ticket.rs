//! `POST /ticketOrder/cancel`: an order ends without a refund.

use contract::refund::cancel_ticket::TicketOrderCancel;
use contract::ticket_order_status::TicketOrderStatusResult;
use domain::audit::AuditEvent;
use domain::sale::refund::CancelSale;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::operations::answer::answer;
use crate::operations::family::Failure;
use crate::operations::ticket_order_status::status;
use crate::operations::{Call, by_handle, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| cancel(app, call, &request).await).await
}

async fn cancel(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrderCancel,
) -> Result<TicketOrderStatusResult, Failure> {
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let sale = by_handle::in_scope(app, call, request.ticket_token_id.as_deref()).await?;
    let detail = format!("ticket {} of seller {}: {reason}", sale.id.0, sale.shard.0);
    let command = CancelSale {
        shard: sale.shard,
        sale: sale.id,
        partner: sale.card_seller(),
        note: office::audit(call, AuditEvent::SaleCancelled, &detail),
    };
    let sale = app.store.submit(command).await?;
    Ok(status(&sale))
}
