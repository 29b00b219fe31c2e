//! `POST /events/cancel`: an event will not take place.

use contract::refund::RefundJob;
use contract::refund::cancel_event::EventsCancel;
use domain::audit::AuditEvent;
use domain::ids::{EventId, Shard};
use domain::job::{JobKind, StartJob};
use service::matched::Matched;
use service::reply::Reply;

use super::{event_owner, job, job_result};
use crate::app::App;
use crate::operations::answer::answer;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let job = cancel(app, call, &request).await?;
        Ok(job_result(job))
    };
    answer(app, matched, call, run).await
}

async fn cancel(app: &App, call: &Call<'_>, request: &EventsCancel) -> Result<RefundJob, Failure> {
    let wish = JobWish {
        kind: if request.without_refund { JobKind::Cancel } else { JobKind::Refund },
        cancel_event: true,
        force: office::force(call, request.force)?,
        reason: office::reason("Reason", request.reason.as_deref())?.unwrap_or_default(),
    };
    let event = EventId(office::number(request.event_id));
    let shard = event_owner(app, call, event).await?;
    start(app, call, shard, event, wish).await
}

/// What is to be done with all sales of an event.
pub(super) struct JobWish {
    pub(super) kind: JobKind,
    pub(super) cancel_event: bool,
    pub(super) force: bool,
    pub(super) reason: String,
}

/// Begins the work, or answers with the one that is under way.
pub(super) async fn start(
    app: &App,
    call: &Call<'_>,
    shard: Shard,
    event: EventId,
    wish: JobWish,
) -> Result<RefundJob, Failure> {
    let what = match (wish.cancel_event, wish.kind) {
        (true, JobKind::Refund) => "cancelled, everything refunded",
        (true, JobKind::Cancel) => "cancelled without refunds",
        (false, _) => "everything refunded",
    };
    let detail = format!("event {} of seller {}: {what}. {}", event.0, shard.0, wish.reason);
    let command = StartJob {
        shard,
        event,
        kind: wish.kind,
        cancel_event: wish.cancel_event,
        force: wish.force,
        reason: wish.reason,
        by: call.by().name,
        note: office::audit(call, AuditEvent::EventCancelled, &detail),
    };
    let started = app.store.submit(command).await?;
    if wish.cancel_event {
        app.catalogue.reload(shard).await?;
    }
    job(app, &started).await
}
