//! `GET /v1/Customers`, `POST,PUT /v1/Customers`: customers of an agent.

use std::sync::Arc;

use contract::agents::customers::{
    ListCustomers, ListCustomersResponse, SaveCustomer, SaveCustomerResponse,
};
use domain::agency::{Customer, CustomerCode};
use domain::ids::{CustomerId, Shard};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::fields::{Fields, Told, take};
use super::{caller, shown};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::{Failure, wrong};
use crate::operations::office;

/// Serves the list.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| list(app, call, &request).await).await
}

/// Serves the change.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| save(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListCustomers,
) -> Result<ListCustomersResponse, Failure> {
    let take = take(request.take)?;
    let shard = caller::agent(app, call, "AgentId", request.agent_id).await?.shard();
    let code = request.customer_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let found = match code {
        Some(code) => with_code(app, shard, code).await?.into_iter().collect(),
        None => {
            let after = CustomerId(office::number(request.after_id));
            app.store.customers(shard, after, take).await?
        }
    };
    let customers = found.iter().map(|it| shown::customer(it)).collect();
    Ok(ListCustomersResponse { customers: Some(customers), ..ListCustomersResponse::default() })
}

async fn with_code(app: &App, shard: Shard, code: &str) -> Result<Option<Arc<Customer>>, Failure> {
    let row = app.store.read::<CustomerCode>(CustomerCode::key_of(shard, code)).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(app.store.read::<Customer>(Customer::key_of(shard, row.customer)).await?)
}

async fn save(
    app: &App,
    call: &Call<'_>,
    request: &SaveCustomer,
) -> Result<SaveCustomerResponse, Failure> {
    let shard = caller::agent(app, call, "AgentId", request.agent_id).await?.shard();
    let told = Told {
        code: &request.customer_code,
        business_name: &request.business_name,
        first_name: &request.first_name,
        last_name: &request.last_name,
        email: &request.email,
    };
    let mut fields = Fields::default();
    let details = fields.customer(&told, "");
    if details.name().is_empty() {
        fields.wrong("BusinessName", "Give the name of a company or of a person.");
    }
    fields.done()?;
    let id = wanted(app, shard, request).await?;
    let command = domain::agency::SaveCustomer { shard, id, details, random: app.secret()? };
    let saved = app.store.submit(command).await?;
    let customer = Some(shown::customer(&saved.customer));
    Ok(SaveCustomerResponse { customer, ..SaveCustomerResponse::default() })
}

/// Which customer is meant; `None` for a new one.
async fn wanted(
    app: &App,
    shard: Shard,
    request: &SaveCustomer,
) -> Result<Option<CustomerId>, Failure> {
    let uid = caller::uid(request.uid);
    if request.id == 0 && uid.is_unstated() {
        return Ok(None);
    }
    if request.id < 0 {
        return Err(Failure::invalid(vec![wrong("ID", "It must be above 0.")]));
    }
    let by_uid = Some(uid.number()).filter(|_| uid.shard() == shard && request.id == 0);
    let id = CustomerId(by_uid.unwrap_or(office::number(request.id)));
    let known = app.store.read::<Customer>(Customer::key_of(shard, id)).await?;
    match known {
        Some(known) if uid.is_unstated() || known.uid == uid => Ok(Some(id)),
        Some(_) if request.id != 0 => {
            let message = "That customer has another UID.";
            Err(Refusal::new(Code::CustomerMismatch, message).into())
        }
        _ => Err(Refusal::new(Code::CustomerNotFound, "The agent has no such customer.").into()),
    }
}
