//! What the database says is still to be done: payments whose outcome is to come, and what persons
//! must do.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::attempt::{AttemptState, REVIEW_AFTER};
use domain::facts::Key;
use domain::ids::{SaleId, Shard, TaskId};
use domain::record::Kind;
use domain::sale::Sale;
use store::{Fault, PAGE_ROWS_MAX};
use tracing::warn;

use super::exposition::Family::Gauge;
use super::exposition::Page;
use crate::app::App;

/// How long the database may take to tell.
const TIME_MAX: Duration = Duration::from_secs(5);

/// How many open tasks are counted in all. Who has more has no use for their number.
const TASKS_MAX: usize = 10_000;

/// What was counted.
#[derive(Debug, Default)]
struct Work {
    /// By gateway and state.
    attempts: BTreeMap<(String, &'static str), u64>,
    /// By kind.
    tasks: BTreeMap<&'static str, u64>,
}

pub(super) async fn write(app: &App, page: &mut Page) {
    let work = match tokio::time::timeout(TIME_MAX, read(app)).await {
        Ok(Ok(work)) => Some(work),
        Ok(Err(fault)) => {
            warn!(%fault, "figures of open work could not be read");
            None
        }
        Err(_) => {
            warn!("figures of open work did not come in time");
            None
        }
    };
    let answers = u8::from(work.is_some());
    page.single(Gauge, "guichet_database_answers", "1 if the figures of open work came.", answers);
    let Some(Work { attempts, tasks }) = work else { return };
    let name = "guichet_attempts_open";
    page.family(Gauge, name, "Attempts to move money whose outcome is to come, of 1,000 next due.");
    for ((gateway, state), count) in attempts {
        page.sample(name, &[("gateway", &gateway), ("state", state)], count);
    }
    let name = "guichet_tasks_open";
    page.family(Gauge, name, "What persons must do; PaymentInDoubt are sales under review.");
    for (kind, count) in tasks {
        page.sample(name, &[("kind", kind)], count);
    }
}

async fn read(app: &App) -> Result<Work, Fault> {
    let mut work = Work::default();
    attempts(app, &mut work).await?;
    tasks(app, &mut work).await?;
    Ok(work)
}

/// An open attempt is asked about within [`REVIEW_AFTER`], so its sale is due by then.
async fn attempts(app: &App, work: &mut Work) -> Result<(), Fault> {
    let due = app.store.due(app.clock.now().after(REVIEW_AFTER), PAGE_ROWS_MAX).await?;
    let sales = due.iter().filter(|row| row.kind == Kind::Sale);
    let keys: Vec<Key> = sales.map(|row| Sale::key_of(row.shard, SaleId(row.number))).collect();
    for sale in app.store.read_all::<Sale>(keys).await? {
        for attempt in sale.attempts.iter().filter(|attempt| attempt.state.is_open()) {
            let key = (attempt.terms.name.clone(), name(attempt.state));
            *work.attempts.entry(key).or_default() += 1;
        }
    }
    Ok(())
}

fn name(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Created => "created",
        AttemptState::Sent => "sent",
        AttemptState::Unknown => "unknown",
        AttemptState::Pending => "pending",
        AttemptState::Succeeded => "succeeded",
        AttemptState::Declined => "declined",
        AttemptState::NotExecuted => "not_executed",
        AttemptState::Review => "review",
    }
}

async fn tasks(app: &App, work: &mut Work) -> Result<(), Fault> {
    let mut left = TASKS_MAX;
    let sellers = app.store.sellers().await?;
    for seller in [Shard::HOUSE].into_iter().chain(sellers) {
        let mut after = TaskId(0);
        while left > 0 {
            let page = app.store.open_tasks(seller, after, PAGE_ROWS_MAX).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            left = left.saturating_sub(page.len());
            for task in page {
                *work.tasks.entry(task.kind.name()).or_default() += 1;
            }
        }
    }
    Ok(())
}
