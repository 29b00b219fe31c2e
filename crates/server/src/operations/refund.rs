//! Refunds and cancellations (`domain.md` §8, `payments.md` §6.7).

mod cancel_event;
mod cancel_ticket;
mod jobs;
mod named;
mod outcome;
mod process;
mod retry;

use contract::refund as published;
use domain::ids::EventId;
use domain::money::Money;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;

use super::Call;
use super::answer::{answers, ok};
use super::event_presentation::{int, utc};
use super::family::Failure;
use super::handlers::{Handler, handler};
use crate::app::App;
use crate::money::decimal;

/// How often a command is made again because the sale changed between reading and deciding.
const STALE_TRIES_MAX: u32 = 3;

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(published::process::REFUND_PROCESS, process::serve),
    handler!(published::retry::REFUND_RETRY, retry::serve),
    handler!(published::jobs::REFUND_JOBS, jobs::list),
    handler!(published::stop_job::REFUND_JOBS_STOP, jobs::stop),
    handler!(published::cancel_event::EVENTS_CANCEL, cancel_event::serve),
    handler!(published::cancel_ticket::TICKET_ORDER_CANCEL, cancel_ticket::serve),
];

/// How money that is owed back gets there: where a task asks a person, nothing moves by itself.
pub(super) fn way_back(sale: &Sale) -> &'static str {
    match sale.refund_task {
        Some(_) => "a person has to pay the money back",
        None => "the money is on its way back",
    }
}

/// Long work as published.
async fn job(app: &App, job: &domain::job::Job) -> Result<published::RefundJob, Failure> {
    let offer = app.catalogue.offer(job.event).await?;
    let currency = offer.map(|offer| offer.event.currency);
    let money = |amount| currency.map(|it| decimal(Money::new(amount, it))).unwrap_or_default();
    let progress = &job.progress;
    let left_out = progress.left_out.iter().map(|(code, count)| published::RefundLeftOut {
        code: Some(code.clone()),
        count: int(*count),
    });
    let kind = match job.kind {
        domain::job::JobKind::Refund => "Refund",
        domain::job::JobKind::Cancel => "Cancel",
    };
    Ok(published::RefundJob {
        job_id: int(job.id.0),
        event_owner_id: int(job.shard.0),
        event_id: int(job.event.0),
        kind: Some(kind.into()),
        state: Some(job.state.name().into()),
        done_count: int(progress.done),
        waiting_count: int(progress.waiting),
        left_out: Some(left_out.collect()),
        total_refunded: money(progress.money),
        total_credit_returned: money(progress.credit),
        currency: currency.map(|currency| currency.code().into()),
        started_utc: utc(job.started_at),
        changed_utc: utc(job.changed_at),
    })
}

fn job_result(job: published::RefundJob) -> published::RefundJobResult {
    published::RefundJobResult { job: Some(job), ..ok() }
}

answers!(published::RefundJobResult);

/// The organiser of an event, if the caller may act for it.
async fn event_owner(
    app: &App,
    call: &Call<'_>,
    event: EventId,
) -> Result<domain::ids::Shard, Failure> {
    let offer = app.catalogue.offer(event).await?;
    let offer =
        offer.ok_or_else(|| Refusal::new(Code::EventNotFound, "There is no such event."))?;
    super::office::scope(call, offer.shard())?;
    Ok(offer.shard())
}
