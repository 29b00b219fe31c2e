//! `GET /refund/jobs/{EventOwnerId}` and `POST /refund/jobs/stop`.

use contract::refund::RefundJob;
use contract::refund::jobs::{RefundJobs, RefundJobsResult};
use contract::refund::stop_job::RefundJobsStop;
use domain::audit::AuditEvent;
use domain::ids::JobId;
use domain::job::StopJob;
use service::matched::Matched;
use service::reply::Reply;
use store::PAGE_ROWS_MAX;

use super::{job, job_refused, job_result};
use crate::app::App;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};
use crate::operations::{Call, office};

/// Serves the list.
pub(super) async fn list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<RefundJobs>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match listed(app, call, &request).await {
        Ok(jobs) => {
            let (status_code, message) = (STATUS_OK, Some(MESSAGE_OK.into()));
            matched.reply(&RefundJobsResult { status_code, message, jobs: Some(jobs) }, 200)
        }
        Err(failure) => failure.reply(matched, |status_code, message| RefundJobsResult {
            status_code,
            message: Some(message),
            jobs: None,
        }),
    }
}

async fn listed(
    app: &App,
    call: &Call<'_>,
    request: &RefundJobs,
) -> Result<Vec<RefundJob>, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let after = JobId(office::number(request.after_id));
    let mut jobs = Vec::new();
    for found in app.store.jobs(shard, after, PAGE_ROWS_MAX).await? {
        jobs.push(job(app, &found).await?);
    }
    Ok(jobs)
}

/// Serves the stop.
pub(super) async fn stop(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<RefundJobsStop>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match stopped(app, call, &request).await {
        Ok(job) => matched.reply(&job_result(job), 200),
        Err(failure) => failure.reply(matched, job_refused),
    }
}

async fn stopped(
    app: &App,
    call: &Call<'_>,
    request: &RefundJobsStop,
) -> Result<RefundJob, Failure> {
    let shard = office::owner(call, request.event_owner_id)?;
    let id = JobId(office::number(request.job_id));
    let detail = format!("work {} of seller {}", id.0, shard.0);
    let note = office::audit(call, AuditEvent::JobStopped, &detail);
    let stopped = app.store.submit(StopJob { shard, job: id, note }).await?;
    job(app, &stopped).await
}
