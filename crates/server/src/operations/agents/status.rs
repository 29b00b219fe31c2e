//! `POST /v1/OrderHeaders/{OrderID}/Cancel`, `/Fulfil`, `/Close`, `/EndSubscription`: what becomes
//! of an order.

use contract::agents::orders::OrderHeaderResponse;
use contract::agents::status::{CancelOrder, CloseOrder, EndSubscription, FulfilOrder};
use domain::agency::{ChangeOrder, OrderChange, SubscriptionEvent};
use service::matched::Matched;
use service::reply::Reply;
use service::types::Guid;

use super::{caller, shown};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves what cancels an order.
pub(super) async fn serve_cancel(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let cancel =
        async |request: CancelOrder| change(app, call, request.order_id, OrderChange::Cancel).await;
    answer(matched, cancel).await
}

/// Serves what says that the goods were handed over.
pub(super) async fn serve_fulfil(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let fulfil =
        async |request: FulfilOrder| change(app, call, request.order_id, OrderChange::Fulfil).await;
    answer(matched, fulfil).await
}

/// Serves what says that nothing is left to be done.
pub(super) async fn serve_close(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let close =
        async |request: CloseOrder| change(app, call, request.order_id, OrderChange::Close).await;
    answer(matched, close).await
}

/// Serves what ends its subscription. The gateway is told at once, and again by the janitor until
/// it has answered.
pub(super) async fn serve_end_subscription(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
) -> Reply {
    let end = async |request: EndSubscription| {
        change(app, call, request.order_id, OrderChange::EndSubscription).await?;
        let order = caller::order(app, call, request.order_id).await?;
        if let Some(place) = app.till.place() {
            app.till.renew(place, order.shard, order.id, SubscriptionEvent::Look).await;
        }
        let order = caller::order(app, call, request.order_id).await?;
        shown::response(app, &order).await
    };
    answer(matched, end).await
}

/// Changes an order that the caller sees, and tells the gateway of a payment that was given up.
pub(super) async fn change(
    app: &App,
    call: &Call<'_>,
    guid: Guid,
    change: OrderChange,
) -> Result<OrderHeaderResponse, Failure> {
    caller::order(app, call, guid).await?;
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let command = ChangeOrder { uid: caller::uid(guid), change, node: app.store.node() };
    let (order, given_up) = app.store.submit(command).await?;
    if let Some((sale, next)) = given_up {
        app.till.drive(place, sale, next, None).await;
    }
    let order = caller::order(app, call, guid).await.unwrap_or(order);
    shown::response(app, &order).await
}
