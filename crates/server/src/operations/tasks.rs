//! `GET /tasks/{EventOwnerId}` and `POST /tasks/done`: what persons must do.

use std::collections::HashMap;
use std::sync::Arc;

use contract::tasks::OfficeTask;
use contract::tasks::done::{TASKS_DONE, TasksDone, TasksDoneResult};
use contract::tasks::list::{TASKS_LIST, TasksList, TasksListResult};
use domain::audit::AuditEvent;
use domain::ids::{SaleId, Shard, TaskId};
use domain::money::Money;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::task::{FinishTask, FinishedTask, Task};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::{answer, answers, ok};
use super::event_presentation::{int, utc};
use super::family::{Failure, wrong};
use super::handlers::{Handler, handler};
use super::office_lists::{Wanted, left, places};
use super::{Call, office};
use crate::app::App;
use crate::money::decimal;

answers!(TasksListResult);
answers!(TasksDoneResult);

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] =
    &[handler!(TASKS_LIST, serve_list), handler!(TASKS_DONE, serve_done)];

async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let tasks = Some(list(app, call, &request).await?);
        Ok(TasksListResult { tasks, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn list(app: &App, call: &Call<'_>, request: &TasksList) -> Result<Vec<OfficeTask>, Failure> {
    let wanted = Wanted {
        owner: request.event_owner_id,
        after_owner: request.after_owner_id,
        after: request.after_id,
    };
    let mut tasks = Vec::new();
    let of_sellers = places(app, call, wanted).await?;
    let is_first = request.event_owner_id == 0 && request.after_owner_id == 0;
    let of_house = (Shard::HOUSE, office::number(request.after_id));
    let of_house = Some(of_house).filter(|_| is_first && is_for_house(call));
    for (shard, after) in of_house.into_iter().chain(of_sellers) {
        let Some(limit) = left(tasks.len()) else { break };
        let found = app.store.open_tasks(shard, TaskId(after), limit).await?;
        tasks.extend(shown(app, shard, &found).await?);
    }
    Ok(tasks)
}

async fn shown(app: &App, shard: Shard, tasks: &[Arc<Task>]) -> Result<Vec<OfficeTask>, Failure> {
    let keys = tasks.iter().filter_map(|task| task.sale).map(|sale| Sale::key_of(shard, sale));
    let sales = app.store.read_all::<Sale>(keys.collect()).await?;
    let handles: HashMap<SaleId, String> =
        sales.iter().map(|sale| (sale.id, sale.token().text())).collect();
    Ok(tasks.iter().map(|it| task(it, it.sale.and_then(|sale| handles.get(&sale)))).collect())
}

fn task(task: &Task, handle: Option<&String>) -> OfficeTask {
    let money = task.currency.map(|currency| decimal(Money::new(task.amount, currency)));
    OfficeTask {
        task_id: int(task.id.0),
        event_owner_id: int(task.shard.0),
        kind: Some(task.kind.name().into()),
        ticket_id: task.sale.map(|sale| int(sale.0)),
        ticket_token_id: handle.cloned(),
        transfer_log_id: task.transfer.map(|transfer| int(transfer.0)),
        amount: money.unwrap_or_default(),
        currency: task.currency.map(|currency| currency.code().into()),
        text: Some(task.text.clone()),
        created_utc: utc(task.created_at),
        done_utc: task.done.as_ref().map(|done| utc(done.at)),
        done_by: task.done.as_ref().map(|done| done.by.clone()),
        note: task.done.as_ref().map(|done| done.note.clone()),
    }
}

async fn serve_done(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let finished = finish(app, call, &request).await?;
        let task = Some(task(&finished.task, None));
        Ok(TasksDoneResult { task, already_done: finished.repeated, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn finish(app: &App, call: &Call<'_>, request: &TasksDone) -> Result<FinishedTask, Failure> {
    let note = office::reason("Note", request.note.as_deref())?;
    let note = note.ok_or_else(|| Failure::invalid(vec![wrong("Note", "Say what was done.")]))?;
    let shard = match request.event_owner_id {
        0 if is_for_house(call) => Shard::HOUSE,
        number => office::owner(call, number)?,
    };
    let task = TaskId(office::number(request.task_id));
    let detail = format!("task {} of seller {}: {note}", task.0, shard.0);
    let found = app.store.read::<Task>(Task::key_of(shard, task)).await?;
    check_right(call, request, found.as_deref())?;
    let command = FinishTask {
        shard,
        task,
        partner: card_seller(app, found.as_deref()).await?,
        note,
        by: call.by().name,
        paid_by_hand: request.paid_by_hand,
        is_admin: office::is_admin(call),
        audit: office::audit(call, AuditEvent::TaskDone, &detail),
    };
    Ok(app.store.submit(command).await?)
}

/// Whether the caller sees to what is about no seller, such as a payment that nobody knows.
fn is_for_house(call: &Call<'_>) -> bool {
    office::is_admin(call) && call.may_act_for(Shard::HOUSE)
}

/// Money that went back by hand leaves the platform's bank account in the books: a club may not say
/// so, nor close what an Admin must look into.
fn check_right(call: &Call<'_>, request: &TasksDone, task: Option<&Task>) -> Result<(), Refusal> {
    let needs_admin = request.paid_by_hand || task.is_some_and(|task| task.kind.is_for_admin());
    if needs_admin && !office::is_admin(call) {
        let message = "This is about the platform's money; only an Admin may say that it is done.";
        return Err(Refusal::new(Code::Forbidden, message));
    }
    Ok(())
}

/// The other seller that must be locked with the task's sale.
async fn card_seller(app: &App, task: Option<&Task>) -> Result<Option<Shard>, Failure> {
    let Some((shard, sale)) = task.and_then(|task| Some((task.shard, task.sale?))) else {
        return Ok(None);
    };
    let sale = app.store.read::<Sale>(Sale::key_of(shard, sale)).await?;
    Ok(sale.and_then(|sale| sale.card_seller()))
}
