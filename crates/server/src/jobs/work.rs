//! Long work on all sales of an event ([`domain::job`]): one sale a command, with a breath between
//! two, so that whoever buys from the same seller meanwhile waits for one command at most.

use std::sync::Arc;
use std::time::Duration;

use domain::attempt::Next;
use domain::ids::{JobId, Shard};
use domain::job::{JOB_LEASE, Job, JobKind, JobPass, JobStep, LeaveOut, Stepped};
use domain::record::Kind;
use domain::refusal::Code;
use domain::sale::{Sale, SaleState};
use domain::time::Timestamp;
use domain::transfer::{EndTransfer, Ending};
use store::{Clock, Fault, Store, SubmitError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tracing::{info, warn};

use super::next_round;
use crate::till::{Place, Till};

/// How many due rows are looked at for jobs.
const DUE_ROWS_MAX: u32 = 256;

/// How many sales are read at a time.
const SALES_PAGE: u32 = 100;

/// The breath between two sales.
const SALE_PAUSE: Duration = Duration::from_millis(2);

/// The pause when the till has no room, or the store is busy.
const BUSY_PAUSE: Duration = Duration::from_millis(200);

/// How often a busy store is asked before the job is left for later.
const TRIES_MAX: u32 = 50;

/// How many calls of gateways long work has under way at once: few beside what buyers may have.
const CALLS_MAX: usize = 32;

/// What the jobs need.
#[derive(Clone)]
pub struct Worker {
    store: Store,
    till: Till,
    clock: Arc<dyn Clock>,
    calls: Arc<Semaphore>,
}

/// The right to make one call, and the till's room for it.
struct Room(OwnedSemaphorePermit, Place);

/// Why a job is left for later.
enum Left {
    /// It is not this worker's any more, or the program ends.
    Alone,
    /// The store cannot be read or written.
    Fault(Fault),
}

impl From<Fault> for Left {
    fn from(fault: Fault) -> Left {
        Left::Fault(fault)
    }
}

/// Looks for jobs every `pause`, and works on them until `stop` turns true.
pub(crate) async fn run(worker: Worker, pause: Duration, mut stop: watch::Receiver<bool>) {
    if let Err(fault) = worker.take_up(&stop).await {
        warn!(%fault, "long work could not be taken up; it goes on when its lease is over");
    }
    loop {
        if let Err(fault) = worker.round(&stop).await {
            warn!(%fault, "long work could not go on; trying again");
        }
        if !next_round(pause, &mut stop).await {
            return;
        }
    }
}

impl Worker {
    /// A worker over `store` that refunds through `till`.
    #[must_use]
    pub fn new(store: Store, till: Till, clock: Arc<dyn Clock>) -> Worker {
        Worker { store, till, clock, calls: Arc::new(Semaphore::new(CALLS_MAX)) }
    }

    /// Works on every job that is due, until it is done, must wait, or `stop` turns true.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read or written; the job goes on later.
    pub async fn round(&self, stop: &watch::Receiver<bool>) -> Result<(), Fault> {
        for (shard, id) in self.jobs_due(self.clock.now()).await? {
            self.unless_left(shard, id, stop).await?;
        }
        Ok(())
    }

    /// Goes on with what this node had begun when it ended, once at its start: the lease keeps
    /// other nodes away, and nobody else here works yet.
    async fn take_up(&self, stop: &watch::Receiver<bool>) -> Result<(), Fault> {
        for (shard, id) in self.jobs_due(self.clock.now().after(JOB_LEASE)).await? {
            let job = self.store.read::<Job>(Job::key_of(shard, id)).await?;
            if job.is_some_and(|job| job.worker == self.store.node()) {
                self.unless_left(shard, id, stop).await?;
            }
        }
        Ok(())
    }

    async fn jobs_due(&self, until: Timestamp) -> Result<Vec<(Shard, JobId)>, Fault> {
        let due = self.store.due(until, DUE_ROWS_MAX).await?;
        let jobs = due.into_iter().filter(|row| row.kind == Kind::Job);
        Ok(jobs.map(|row| (row.shard, JobId(row.number))).collect())
    }

    async fn unless_left(
        &self,
        shard: Shard,
        id: JobId,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), Fault> {
        match self.work(shard, id, stop).await {
            Ok(()) | Err(Left::Alone) => Ok(()),
            Err(Left::Fault(fault)) => Err(fault),
        }
    }

    /// One pass over the sales that are left.
    async fn work(
        &self,
        shard: Shard,
        id: JobId,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), Left> {
        let job = self.store.read::<Job>(Job::key_of(shard, id)).await?;
        let Some(job) = job else { return Ok(()) };
        let mut after = job.after;
        loop {
            let sales = self.store.event_sales(shard, job.event, after, SALES_PAGE).await?;
            let Some(last) = sales.last() else { break };
            after = last.id;
            for sale in sales {
                if *stop.borrow() {
                    return Err(Left::Alone);
                }
                if is_concerned(&sale) {
                    self.step(&job, sale).await?;
                    tokio::time::sleep(SALE_PAUSE).await;
                }
            }
        }
        let worker = self.store.node();
        self.submit(|| JobPass { shard, job: id, worker }).await?;
        info!(job = id.0, seller = shard.0, event = job.event.0, "long work passed its last sale");
        Ok(())
    }

    async fn step(&self, job: &Job, mut sale: Arc<Sale>) -> Result<(), Left> {
        if sale.state.holds_places() {
            self.end_transfer(&sale).await?;
            return self.refused(job, &sale, Code::TicketNotPaid).await;
        }
        let room = self.room(job).await;
        loop {
            let step = JobStep {
                shard: job.shard,
                job: job.id,
                sale: sale.id,
                partner: sale.card_seller(),
                worker: self.store.node(),
            };
            match self.tried(|| step.clone()).await? {
                Ok(Stepped::Done(sale, next)) => {
                    self.call(room, sale, next);
                    return Ok(());
                }
                Err(SubmitError::Refused(refusal)) => {
                    return self.refused(job, &sale, refusal.code).await;
                }
                // It changed since it was read.
                Err(SubmitError::Stale) => sale = self.read(&sale).await?,
                Ok(Stepped::NotOurs) | Err(_) => return Err(Left::Alone),
            }
        }
    }

    /// A ticket that waits for its difference does not wait for an event that is called off: the
    /// old ticket, which may be another club's, is free again. Elsewhere this changes nothing.
    async fn end_transfer(&self, sale: &Sale) -> Result<(), Left> {
        let Some(origin) = sale.origin else { return Ok(()) };
        let Some(transfer) = origin.transfer else { return Ok(()) };
        let (source, why) = (origin.from.shard, Ending::Due);
        let ended = self.tried(|| EndTransfer { transfer, source, why: why.clone() }).await?;
        if let Err(error) = ended {
            warn!(transfer = transfer.id.0, %error, "not ended now; it ends when it is due");
        }
        Ok(())
    }

    /// A refund needs room for its call; without it the janitor makes the call, but much later.
    async fn room(&self, job: &Job) -> Option<Room> {
        if job.kind == JobKind::Cancel {
            return None;
        }
        let permit = Arc::clone(&self.calls).acquire_owned().await.ok()?;
        for _ in 0..TRIES_MAX {
            if let Some(place) = self.till.place() {
                return Some(Room(permit, place));
            }
            tokio::time::sleep(BUSY_PAUSE).await;
        }
        None
    }

    /// Calls the gateway without waiting for it.
    fn call(&self, room: Option<Room>, sale: Arc<Sale>, next: Next) {
        if let Some(Room(permit, place)) = room {
            let till = self.till.clone();
            tokio::spawn(async move {
                till.drive(place, sale, next, None).await;
                drop(permit);
            });
        }
    }

    async fn read(&self, sale: &Sale) -> Result<Arc<Sale>, Left> {
        let sale = self.store.read::<Sale>(Sale::key_of(sale.shard, sale.id)).await?;
        sale.ok_or(Left::Alone)
    }

    /// Somebody may have refunded it in the meantime; then nothing is left to do.
    async fn refused(&self, job: &Job, sale: &Sale, code: Code) -> Result<(), Left> {
        let sale = self.read(sale).await?;
        if is_concerned(&sale) { self.leave_out(job, &sale, code).await } else { Ok(()) }
    }

    async fn leave_out(&self, job: &Job, sale: &Sale, code: Code) -> Result<(), Left> {
        let (shard, id, worker) = (job.shard, job.id, self.store.node());
        let is_ours =
            self.submit(|| LeaveOut { shard, job: id, sale: sale.id, code, worker }).await?;
        if is_ours { Ok(()) } else { Err(Left::Alone) }
    }

    async fn submit<C: domain::facts::Command>(
        &self,
        command: impl Fn() -> C,
    ) -> Result<C::Outcome, Left> {
        self.tried(command).await?.map_err(|_| Left::Alone)
    }

    /// Submits, again and again while the store is busy.
    async fn tried<C: domain::facts::Command>(
        &self,
        command: impl Fn() -> C,
    ) -> Result<Result<C::Outcome, SubmitError>, Left> {
        for _ in 0..TRIES_MAX {
            match self.store.submit(command()).await {
                Err(SubmitError::Overloaded) => tokio::time::sleep(BUSY_PAUSE).await,
                Err(SubmitError::Fault(fault)) => return Err(Left::Fault(fault)),
                answered => return Ok(answered),
            }
        }
        Err(Left::Alone)
    }
}

/// Whether a sale must be refunded or cancelled, or may have to be when its payment is settled.
fn is_concerned(sale: &Sale) -> bool {
    sale.state == SaleState::Issued || sale.state.holds_places()
}
