//! Beginning and stopping a job.

use std::sync::Arc;

use super::{Job, JobKind, JobProgress, JobState};
use crate::audit::AuditNote;
use crate::books::EventBook;
use crate::catalogue::Event;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EventId, JobId, SaleId, Shard};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::seller::Seller;
use crate::time::Timestamp;

/// Begins to refund or cancel every sale of an event; while that goes on, the same again is the
/// same job, and anything else is refused: what a job has done cannot be undone.
#[derive(Clone, Debug)]
pub struct StartJob {
    /// Whose event.
    pub shard: Shard,
    /// Which.
    pub event: EventId,
    /// What is done with every sale.
    pub kind: JobKind,
    /// The event will not take place: its sale ends in the same commit.
    pub cancel_event: bool,
    /// Used tickets, too.
    pub force: bool,
    /// Why.
    pub reason: String,
    /// Who asks for it.
    pub by: String,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for StartJob {
    type Outcome = Arc<Job>;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let book = EventBook::key_of(self.shard, self.event);
        keys.extend([Key::seller(self.shard), self.event_key(), book]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Job>, Halt> {
        if facts.look::<Event>(self.event_key())?.is_none() {
            return Err(Refusal::new(Code::EventNotFound, "There is no such event.").into());
        }
        let news = self.cancel_event && self.cancel_event(facts)?;
        let key = EventBook::key_of(self.shard, self.event);
        let book = facts.look::<EventBook>(key)?.cloned();
        let (shard, event) = (self.shard, self.event);
        let mut book = book.unwrap_or(EventBook { shard, event, ..EventBook::default() });
        if let Some(job) = book.job
            && let Some(job) = facts.share::<Job>(Job::key_of(shard, job))?
            && job.state == JobState::Running
        {
            self.check_same(&job)?;
            if news {
                self.note.record_of(self.shard, facts, now);
            }
            return Ok(job);
        }
        let id = JobId(facts.number(shard, JobId::KIND)?);
        book.job = Some(id);
        facts.put(book);
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(self.job(id, now)))
    }
}

impl StartJob {
    fn event_key(&self) -> Key {
        Key::number(self.shard, Kind::Event, self.event.0)
    }

    fn check_same(&self, running: &Job) -> Result<(), Refusal> {
        if (running.kind, running.force) == (self.kind, self.force) {
            return Ok(());
        }
        let what = match running.kind {
            JobKind::Refund => "refunds",
            JobKind::Cancel => "cancels without refunds",
        };
        let message = format!(
            "Job {} {what} the sales of this event already; stop it first, or let it end.",
            running.id.0
        );
        Err(Refusal::new(Code::RequestInProgress, message))
    }

    /// Whether the event was not cancelled before. Orders that were read before this are told to
    /// read the catalogue anew.
    fn cancel_event(&self, facts: &mut Facts<'_>) -> Result<bool, Halt> {
        let event = facts.edit::<Event>(self.event_key())?.filter(|event| !event.rules.cancelled);
        let Some(event) = event else { return Ok(false) };
        event.rules.cancelled = true;
        if let Some(seller) = facts.edit::<Seller>(Key::seller(self.shard))? {
            seller.catalogue_revision += 1;
        }
        Ok(true)
    }

    fn job(&self, id: JobId, now: Timestamp) -> Job {
        Job {
            shard: self.shard,
            id,
            event: self.event,
            kind: self.kind,
            state: JobState::Running,
            after: SaleId(0),
            next_at: now,
            worker: 0,
            force: self.force,
            reason: self.reason.clone(),
            by: self.by.clone(),
            started_at: now,
            changed_at: now,
            progress: JobProgress::default(),
        }
    }
}

/// Stops a job. What it did stays done; what it began goes on at the gateways.
#[derive(Clone, Debug)]
pub struct StopJob {
    /// Whose job.
    pub shard: Shard,
    /// Which.
    pub job: JobId,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl Command for StopJob {
    type Outcome = Arc<Job>;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Job::key_of(self.shard, self.job));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Job>, Halt> {
        let job = facts.share::<Job>(Job::key_of(self.shard, self.job))?;
        let job = job
            .ok_or_else(|| Halt::from(Refusal::new(Code::JobNotFound, "There is no such job.")))?;
        if job.state != JobState::Running {
            return Ok(job);
        }
        self.note.record_of(self.shard, facts, now);
        Ok(facts.put(Job { state: JobState::Stopped, changed_at: now, ..Job::clone(&job) }))
    }
}
