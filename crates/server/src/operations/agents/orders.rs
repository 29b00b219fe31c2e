//! `GET /v1/OrderHeaders/{OrderID}`: one order.

use contract::agents::orders::GetOrderHeader;
use service::matched::Matched;
use service::reply::Reply;

use super::{caller, shown};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let read = async |request: GetOrderHeader| {
        let order = caller::order(app, call, request.order_id).await?;
        shown::response(app, &order).await
    };
    answer(matched, read).await
}
