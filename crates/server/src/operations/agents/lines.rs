//! `POST /v1/OrderHeaders/{OrderID}/Lines`, `DELETE …/Lines/{LineNumber}`: what is ordered changes
//! until it is paid.

use contract::agents::lines::{AddOrderLine, RemoveOrderLine};
use contract::agents::orders::OrderHeaderResponse;
use domain::agency::{CustomerOrder, OrderChange};
use service::matched::Matched;
use service::reply::Reply;

use super::caller::{self, Agent};
use super::fields::{Fields, Seller};
use super::status;
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::{Failure, wrong};

/// Serves what adds a line.
pub(super) async fn serve_add(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| add(app, call, &request).await).await
}

/// Serves what takes one away.
pub(super) async fn serve_remove(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let remove = async |request: RemoveOrderLine| {
        let number = u16::try_from(request.line_number).unwrap_or(0);
        status::change(app, call, request.order_id, OrderChange::RemoveLine(number)).await
    };
    answer(matched, remove).await
}

async fn add(
    app: &App,
    call: &Call<'_>,
    request: &AddOrderLine,
) -> Result<OrderHeaderResponse, Failure> {
    let order = caller::order(app, call, request.order_id).await?;
    let Some(told) = &request.line else {
        return Err(Failure::invalid(vec![wrong("Line", "Say what is to be added.")]));
    };
    let agent = Agent::read(app, order.shard).await?.ok_or_else(CustomerOrder::not_found)?;
    let mut fields = Fields::default();
    let line = fields.order_line(told, "Line", Seller::of(app, &agent));
    fields.done()?;
    status::change(app, call, request.order_id, OrderChange::AddLine(line)).await
}
