//! `POST /ticketOrder/cancel`: an order ends without a refund.

use contract::refund::cancel_ticket::TicketOrderCancel;
use contract::ticket_order_status::TicketOrderStatusResult;
use domain::audit::AuditEvent;
use domain::sale::refund::CancelSale;
use service::matched::Matched;
use service::reply::Reply;

use crate::app::App;
use crate::operations::family::Failure;
use crate::operations::ticket_order_status::{find, refused, status};
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TicketOrderCancel>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match cancel(app, call, &request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.reply(matched, refused),
    }
}

async fn cancel(
    app: &App,
    call: &Call<'_>,
    request: &TicketOrderCancel,
) -> Result<TicketOrderStatusResult, Failure> {
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let sale = find(app, call, request.ticket_token_id.as_deref()).await?;
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
