//! `POST /v1/OrderHeaders/{OrderID}/Refund`: an order is paid back, or a part of it.

use std::sync::Arc;

use contract::agents::orders::OrderHeaderResponse;
use contract::agents::refund::RefundOrder as Request;
use domain::agency::CustomerOrder;
use domain::audit::AuditEvent;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::sale::refund::{RefundRequest, RefundSale, RefundWhat};
use service::matched::Matched;
use service::reply::Reply;

use super::{caller, shown};
use crate::app::App;
use crate::idempotency::is_key;
use crate::money;
use crate::operations::clubs::answer::answer;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| refund(app, call, &request).await).await
}

async fn refund(
    app: &App,
    call: &Call<'_>,
    request: &Request,
) -> Result<OrderHeaderResponse, Failure> {
    let order = caller::order(app, call, request.order_id).await?;
    let what = match money::guard(request.amount, order.currency)? {
        Some(amount) => RefundWhat::Amount(amount),
        None => RefundWhat::Whole,
    };
    let sale = match request.payment_id {
        0 => paid_sale(app, &order).await?,
        number => renewal(app, &order, number).await?,
    };
    let key = call.idempotency_key;
    if key.is_some_and(|key| !is_key(key)) {
        let message = "It must have 1 to 255 printable characters.";
        return Err(Failure::invalid(vec![wrong("Idempotency-Key", message)]));
    }
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let detail = format!("order {} of seller {}: {reason}", order.id.0, order.shard.0);
    let command = RefundSale {
        shard: order.shard,
        sale: sale.id,
        partner: None,
        request: RefundRequest {
            what,
            reason,
            by: call.by().name,
            fee_returned: None,
            force: false,
            reference: key.map(str::to_owned),
        },
        note: office::audit(call, AuditEvent::Refunded, &detail),
    };
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let refunded = app.store.submit(command).await?;
    app.till.drive(place, refunded.sale, refunded.next, None).await;
    let order = caller::order(app, call, request.order_id).await?;
    shown::response(app, &order).await
}

/// The payment of a later period.
async fn renewal(app: &App, order: &CustomerOrder, number: i32) -> Result<Arc<Sale>, Failure> {
    let mut renewals = order.subscription.iter().flat_map(|it| &it.renewals);
    let renewal = renewals.find(|renewal| u32::try_from(number) == Ok(renewal.sale.0));
    if let Some(renewal) = renewal {
        let sale = app.store.read::<Sale>(Sale::key_of(order.shard, renewal.sale)).await?;
        return sale.ok_or_else(Failure::unable);
    }
    let message = "It must be 0 or a number of the subscription's PaymentIDs.";
    Err(Failure::invalid(vec![wrong("PaymentID", message)]))
}

/// The payment that paid the order.
async fn paid_sale(app: &App, order: &CustomerOrder) -> Result<Arc<Sale>, Failure> {
    for id in order.payments.iter().rev() {
        let sale = app.store.read::<Sale>(Sale::key_of(order.shard, *id)).await?;
        if let Some(sale) = sale.filter(|sale| sale.issued_at.is_some()) {
            return Ok(sale);
        }
    }
    Err(Refusal::new(Code::NotRefundable, "The order was not paid through this till.").into())
}
