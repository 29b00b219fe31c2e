//! Whose agents and orders a caller may see: an agent its own, an administrator all
//! (`domain.md` §1.4). What is another agent's is told like what is not there.

use std::sync::Arc;

use domain::agency::{Agency, CustomerOrder, Uid};
use domain::catalogue::Organiser;
use domain::facts::Key;
use domain::ids::{CustomerOrderId, Shard};
use domain::record::{Aggregate as _, Kind, Record};
use domain::refusal::{Code, Refusal};
use service::types::Guid;

use crate::access::Caller;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::{Failure, wrong};

/// The roles that see all agents.
const ADMINISTRATORS: [&str; 2] = ["Administrator", "Admin"];

/// An agent as a seller.
pub(super) struct Agent {
    pub(super) agency: Arc<Agency>,
    pub(super) organiser: Arc<Organiser>,
}

impl Agent {
    pub(super) fn shard(&self) -> Shard {
        self.agency.shard
    }

    /// Reads one; `None` for a seller that is no agent.
    pub(super) async fn read(app: &App, shard: Shard) -> Result<Option<Agent>, Failure> {
        let keys = vec![Agency::key_of(shard), Key::number(shard, Kind::Organiser, 0)];
        let rows: Vec<Record> = app.store.read_records(keys).await?.into_iter().flatten().collect();
        let agency = rows.iter().find_map(Agency::from_record).cloned();
        let organiser = rows.iter().find_map(Organiser::from_record).cloned();
        Ok(agency.zip(organiser).map(|(agency, organiser)| Agent { agency, organiser }))
    }
}

/// Whether the caller sees all agents.
pub(super) fn is_administrator(call: &Call<'_>) -> bool {
    let is = |caller: &Caller| caller.roles.iter().any(|it| ADMINISTRATORS.contains(&it.as_str()));
    call.principal.as_deref().is_some_and(is)
}

/// Whether the caller sees this agent.
pub(super) fn sees(call: &Call<'_>, agent: Shard) -> bool {
    is_administrator(call) || own(call).contains(&agent)
}

/// The agents that the caller is bound to.
fn own<'c>(call: &'c Call<'_>) -> &'c [Shard] {
    call.principal.as_deref().map(|caller| caller.organisers.as_slice()).unwrap_or_default()
}

/// The agents that the caller sees, by number.
pub(super) async fn all(app: &App, call: &Call<'_>) -> Result<Vec<Agent>, Failure> {
    let mut agents = Vec::new();
    for shard in app.store.sellers().await? {
        if sees(call, shard) {
            agents.extend(Agent::read(app, shard).await?);
        }
    }
    agents.sort_by_key(Agent::shard);
    Ok(agents)
}

/// The agent of this number; 0 is that of a caller who has only one.
///
/// # Errors
/// [`Code::AgentMismatch`], [`Code::AgentNotFound`], or a failure naming the member.
pub(super) async fn agent(
    app: &App,
    call: &Call<'_>,
    field: &'static str,
    number: i32,
) -> Result<Agent, Failure> {
    let shard = match (number, own(call)) {
        (0, [only]) if !is_administrator(call) => *only,
        (0, _) => return Err(Failure::invalid(vec![wrong(field, "Name the agent.")])),
        (number, _) => Shard(u32::try_from(number).unwrap_or(0)),
    };
    check_agent(call, shard)?;
    let agent = Agent::read(app, shard).await?;
    let missing = || Refusal::new(Code::AgentNotFound, format!("There is no agent {}.", shard.0));
    Ok(agent.ok_or_else(missing)?)
}

/// Refuses agents that the caller does not see.
pub(super) fn check_agent(call: &Call<'_>, agent: Shard) -> Result<(), Refusal> {
    if sees(call, agent) {
        return Ok(());
    }
    Err(Refusal::new(Code::AgentMismatch, "This is not an agent of yours."))
}

/// A GUID in the words of the rules.
pub(super) fn uid(guid: Guid) -> Uid {
    Uid(u128::from_be_bytes(guid.0))
}

/// An order that the caller sees.
///
/// # Errors
/// [`Code::OrderNotFound`]
pub(super) async fn order(
    app: &App,
    call: &Call<'_>,
    guid: Guid,
) -> Result<Arc<CustomerOrder>, Failure> {
    let uid = uid(guid);
    if !sees(call, uid.shard()) {
        return Err(CustomerOrder::not_found().into());
    }
    let key = CustomerOrder::key_of(uid.shard(), CustomerOrderId(uid.number()));
    let order = app.store.read::<CustomerOrder>(key).await?.filter(|order| order.uid == uid);
    Ok(order.ok_or_else(CustomerOrder::not_found)?)
}
