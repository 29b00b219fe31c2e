//! The agents there are.

use service::Dto;
use service::operation::{Operation, Route};
use service::status::ResponseStatus;

use super::{ADMINISTRATORS, TAGS};

/// `GET /v1/Agents`.
pub static LIST_AGENTS: Operation = Operation {
    routes: &[Route::new("GET", "/v1/Agents").summary("All agents")],
    access: ADMINISTRATORS,
    tags: TAGS,
    ..Operation::of::<ListAgents, ListAgentsResponse>()
};

/// All agents, by number.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct ListAgents {}

/// The agents.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct ListAgentsResponse {
    /// Only on errors.
    pub response_status: Option<ResponseStatus>,
    /// By number.
    pub agents: Option<Vec<Agent>>,
}

/// An agent.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Agents.ServiceModel")]
pub struct Agent {
    /// Its number.
    #[dto(name = "ID")]
    pub id: i32,
    /// The number that people know it by.
    pub agent_number: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The currency of its orders.
    pub currency: Option<String>,
}
