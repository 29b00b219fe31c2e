//! `GET /v1/Agents`: the agents there are.

use contract::agents::agents_list::{Agent, ListAgents, ListAgentsResponse};
use service::matched::Matched;
use service::reply::Reply;

use super::{caller, shown};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let list = async |_: ListAgents| {
        let agents = caller::all(app, call).await?;
        let agents = agents.iter().map(agent).collect();
        Ok(ListAgentsResponse { agents: Some(agents), ..ListAgentsResponse::default() })
    };
    answer(matched, list).await
}

fn agent(agent: &caller::Agent) -> Agent {
    Agent {
        id: shown::number(agent.shard().0),
        agent_number: Some(agent.agency.number.clone()),
        name: Some(agent.organiser.name.clone()),
        currency: Some(agent.agency.currency.code().to_owned()),
    }
}
