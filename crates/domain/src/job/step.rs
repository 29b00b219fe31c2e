//! The steps of a job: one sale done, one left out, the last one passed.

use std::sync::Arc;

use super::{JOB_LEASE, JOB_PAUSE, Job, JobKind, JobProgress, JobState};
use crate::attempt::Next;
use crate::catalogue::Event;
use crate::effect::MailContent;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{JobId, SaleId, Shard};
use crate::mailing::write_to_buyer;
use crate::record::Kind;
use crate::refusal::Code;
use crate::sale::Sale;
use crate::sale::refund::{RefundRequest, RefundWhat, find, refund_one};
use crate::time::Timestamp;

/// What came of a step.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "it is looked at once and never kept")]
pub enum Stepped {
    /// It was done; the sale, and what it needs next.
    Done(Arc<Sale>, Next),
    /// The job is stopped or finished, or another node works on it: nothing was done.
    NotOurs,
}

/// Refunds or cancels one sale for a job.
#[derive(Clone, Debug)]
pub struct JobStep {
    /// Whose job.
    pub shard: Shard,
    /// Which.
    pub job: JobId,
    /// The sale.
    pub sale: SaleId,
    /// The other club whose season card paid for it ([`Sale::card_seller`]).
    pub partner: Option<Shard>,
    /// The node that works.
    pub worker: u32,
}

impl Command for JobStep {
    type Outcome = Stepped;

    fn shards(&self) -> Shards {
        match self.partner {
            Some(partner) => Shards::Two(self.shard, partner),
            None => Shards::One(self.shard),
        }
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let sale = Sale::key_of(self.shard, self.sale);
        keys.extend([Key::seller(self.shard), Job::key_of(self.shard, self.job), sale]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Stepped, Halt> {
        let Some(mut job) = claim(facts, self.shard, self.job, self.worker, now)? else {
            return Ok(Stepped::NotOurs);
        };
        let sale = find(facts, self.shard, self.sale, self.partner)?;
        self.tell_of_cancellation(&sale, facts, now)?;
        let (sale, next) = match job.kind {
            JobKind::Refund => {
                let refunded = refund_one(&sale, &request(&job), facts, now)?;
                job.progress.money += refunded.refund.money;
                job.progress.credit += refunded.refund.credit;
                (refunded.sale, refunded.next)
            }
            JobKind::Cancel => {
                let mut cancelled = Sale::clone(&sale);
                cancelled.cancel(facts, now)?;
                (facts.put(cancelled), Next::Done)
            }
        };
        job.progress.done += 1;
        job.after = self.sale;
        facts.put(job);
        Ok(Stepped::Done(sale, next))
    }
}

impl JobStep {
    /// Whose event does not take place is told so, and nobody whose event does.
    fn tell_of_cancellation(
        &self,
        sale: &Sale,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let event = facts.look::<Event>(Key::number(self.shard, Kind::Event, sale.event.0))?;
        if !event.is_some_and(|event| event.rules.cancelled) {
            return Ok(());
        }
        let content = MailContent::EventCancelled { sale: sale.id };
        write_to_buyer(sale, self.shard, content, facts, now)
    }
}

fn request(job: &Job) -> RefundRequest {
    RefundRequest {
        what: RefundWhat::Whole,
        reason: job.reason.clone(),
        by: job.by.clone(),
        fee_returned: None,
        force: job.force,
        reference: None,
    }
}

/// Notes that a job cannot do a sale, and why; the next step is the one after it.
#[derive(Clone, Debug)]
pub struct LeaveOut {
    /// Whose job.
    pub shard: Shard,
    /// Which.
    pub job: JobId,
    /// The sale.
    pub sale: SaleId,
    /// The refusal that [`JobStep`] met.
    pub code: Code,
    /// The node that works.
    pub worker: u32,
}

impl Command for LeaveOut {
    /// Whether the job still runs here.
    type Outcome = bool;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Job::key_of(self.shard, self.job));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<bool, Halt> {
        let Some(mut job) = claim(facts, self.shard, self.job, self.worker, now)? else {
            return Ok(false);
        };
        if waits(self.code) {
            job.progress.waiting += 1;
        } else {
            *job.progress.left_out.entry(self.code.name().to_owned()).or_default() += 1;
        }
        job.after = self.sale;
        facts.put(job);
        Ok(true)
    }
}

/// Whether a sale that was refused with this code can be done later.
fn waits(code: Code) -> bool {
    matches!(code, Code::RefundPending | Code::TransferPending | Code::TicketNotPaid)
}

/// The last sale was passed: the job is done, or begins anew with those that had to wait.
#[derive(Clone, Debug)]
pub struct JobPass {
    /// Whose job.
    pub shard: Shard,
    /// Which.
    pub job: JobId,
    /// The node that works.
    pub worker: u32,
}

impl Command for JobPass {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Job::key_of(self.shard, self.job));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let Some(mut job) = claim(facts, self.shard, self.job, self.worker, now)? else {
            return Ok(());
        };
        job.worker = 0;
        if job.progress.waiting == 0 {
            job.state = JobState::Done;
        } else {
            job.after = SaleId(0);
            job.next_at = now.after(JOB_PAUSE);
            let JobProgress { done, money, credit, .. } = job.progress;
            job.progress = JobProgress { done, money, credit, ..JobProgress::default() };
        }
        facts.put(job);
        Ok(())
    }
}

/// The job with this worker's claim on it; `None` when it has none.
fn claim(
    facts: &Facts<'_>,
    shard: Shard,
    job: JobId,
    worker: u32,
    now: Timestamp,
) -> Result<Option<Job>, Halt> {
    let job = facts.look::<Job>(Job::key_of(shard, job))?;
    let job = job.filter(|job| job.is_free_for(worker, now)).cloned();
    Ok(job.map(|job| Job { worker, changed_at: now, next_at: now.after(JOB_LEASE), ..job }))
}
