//! `GET /v1/OrderHeaders/Open`, `/Closed`: orders in pages.

use contract::agents::order_list::{OrderHeadersClosed, OrderHeadersOpen, OrderHeadersResponse};
use contract::agents::orders::OrderHeader;
use domain::ids::{CustomerOrderId, NumberKind, Shard};
use service::matched::Matched;
use service::reply::Reply;

use super::caller::{self, Agent};
use super::{fields, shown};
use crate::app::App;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// Which orders are wanted.
#[derive(Clone, Copy)]
struct Wanted {
    open: bool,
    agent: i32,
    after: CustomerOrderId,
    take: u32,
}

/// Serves the list of open orders.
pub(super) async fn serve_open(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let list = async |request: OrderHeadersOpen| {
        let OrderHeadersOpen { agent_id, after_id, take } = request;
        list(app, call, wanted(true, (agent_id, after_id, take))?).await
    };
    answer(matched, list).await
}

/// Serves the list of the others.
pub(super) async fn serve_closed(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let list = async |request: OrderHeadersClosed| {
        let OrderHeadersClosed { agent_id, after_id, take } = request;
        list(app, call, wanted(false, (agent_id, after_id, take))?).await
    };
    answer(matched, list).await
}

fn wanted(open: bool, (agent, after, take): (i32, i32, i32)) -> Result<Wanted, Failure> {
    let (after, take) = (CustomerOrderId(office::number(after)), fields::take(take)?);
    Ok(Wanted { open, agent, after, take })
}

async fn list(app: &App, call: &Call<'_>, wanted: Wanted) -> Result<OrderHeadersResponse, Failure> {
    let agents = match wanted.agent {
        0 => caller::all(app, call).await?,
        number => vec![caller::agent(app, call, "AgentID", number).await?],
    };
    let last = last_agent(app, wanted.after).await?;
    let mut headers: Vec<OrderHeader> = Vec::new();
    for agent in agents.iter().filter(|agent| agent.shard() >= last) {
        let left = wanted.take.saturating_sub(u32::try_from(headers.len()).unwrap_or(u32::MAX));
        if left == 0 {
            break;
        }
        let is_last = agent.shard() == last;
        let after = if is_last { wanted.after } else { CustomerOrderId(0) };
        headers.extend(of_agent(app, agent, (wanted.open, after, left)).await?);
    }
    Ok(OrderHeadersResponse { order_headers: Some(headers), ..OrderHeadersResponse::default() })
}

/// The agent of the last order of the page before.
async fn last_agent(app: &App, after: CustomerOrderId) -> Result<Shard, Failure> {
    if after.0 == 0 {
        return Ok(Shard::HOUSE);
    }
    let shard = app.store.shard_of(NumberKind::CustomerOrder, after.0).await?;
    Ok(shard.unwrap_or(Shard::HOUSE))
}

async fn of_agent(
    app: &App,
    agent: &Agent,
    (open, after, limit): (bool, CustomerOrderId, u32),
) -> Result<Vec<OrderHeader>, Failure> {
    let mut headers = Vec::new();
    for order in app.store.customer_orders(agent.shard(), open, after, limit).await? {
        headers.push(shown::header(app, &order, &agent.organiser.name).await?);
    }
    Ok(headers)
}
