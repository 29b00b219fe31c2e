//! `GET /refund/jobs/{EventOwnerId}` and `POST /refund/jobs/stop`.

use contract::refund::RefundJob;
use contract::refund::jobs::{RefundJobs, RefundJobsResult};
use contract::refund::stop_job::RefundJobsStop;
use domain::audit::AuditEvent;
use domain::ids::JobId;
use domain::job::StopJob;
use service::matched::Matched;
use service::reply::Reply;

use super::{job, job_result};
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;
use crate::operations::office_lists::{Wanted, left, places};
use crate::operations::{Call, office};

answers!(RefundJobsResult);

/// Serves the list.
pub(super) async fn list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let jobs = Some(listed(app, call, &request).await?);
        Ok(RefundJobsResult { jobs, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn listed(
    app: &App,
    call: &Call<'_>,
    request: &RefundJobs,
) -> Result<Vec<RefundJob>, Failure> {
    let wanted = Wanted {
        owner: request.event_owner_id,
        after_owner: request.after_owner_id,
        after: request.after_id,
    };
    let mut jobs = Vec::new();
    for (shard, after) in places(app, call, wanted).await? {
        let Some(limit) = left(jobs.len()) else { break };
        for found in app.store.jobs(shard, JobId(after), limit).await? {
            jobs.push(job(app, &found).await?);
        }
    }
    Ok(jobs)
}

/// Serves the stop.
pub(super) async fn stop(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let job = stopped(app, call, &request).await?;
        Ok(job_result(job))
    };
    answer(app, matched, call, run).await
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
