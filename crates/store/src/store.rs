//! The store as everybody else sees it: commands go in through the lane, questions are
//! answered by readers apart.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use domain::effect::Owed;
use domain::facts::{Command, Key};
use domain::idempotency::Idempotency;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, SaleId, Shard};
use domain::quota::Quota;
use domain::record::Aggregate;
use domain::sale::Sale;
use domain::time::Timestamp;
use rustc_hash::FxHashMap;
use tokio::sync::Semaphore;

use crate::batch::Core;
use crate::changes::Due;
use crate::engine::Engine;
use crate::error::{Fault, OpenError, SubmitError};
use crate::job::{Answer, Job, outbox_done, submission};
use crate::lane;
use crate::memory::MemoryDatabase;
use crate::options::Options;
use crate::queries::catalogue::CatalogueRows;
use crate::queries::check::CheckReport;
use crate::queries::idempotency::Days;
use crate::queries::{self, PAGE_ROWS_MAX};
use crate::queue::Queue;
use crate::snapshot::{Reader, Snapshot};
use crate::statistics::{Counters, Statistics, add};

/// How many questions are answered at the same time.
pub const READERS_MAX: usize = 4;

/// The number of the only lane so far.
const LANE: u32 = 1;

/// Durable facts. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    counters: Arc<Counters>,
    lane: Mutex<Option<JoinHandle<()>>>,
    reader: Arc<dyn Reader>,
    reader_permits: Semaphore,
    /// Claimed blocks; they never change, so what is known once is known for good.
    blocks: RwLock<FxHashMap<(NumberKind, u32), Shard>>,
    days: Days,
}

impl Inner {
    fn known_block(&self, kind: NumberKind, block: u32) -> Option<Shard> {
        let blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner);
        blocks.get(&(kind, block)).copied()
    }
}

impl Drop for Inner {
    /// The lane finishes what is queued and ends; nobody is left to wait for it.
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Store {
    /// A store that lives in memory only, for tests and trying out.
    ///
    /// # Panics
    /// Never in practice: only when the system can start no thread.
    #[must_use]
    pub fn memory(options: Options) -> Store {
        let database = MemoryDatabase::default();
        let started = Store::start(database.connect(), Arc::new(database), options);
        started.expect("a thread for the lane")
    }

    /// A store over any engine.
    ///
    /// # Errors
    /// [`OpenError::Database`] when the lane's own row cannot be read; [`OpenError::Io`] when
    /// the system can start no thread.
    pub fn start<E: Engine + 'static>(
        engine: E,
        reader: Arc<dyn Reader>,
        options: Options,
    ) -> Result<Store, OpenError> {
        let counters = Arc::<Counters>::default();
        let core = Core::counting(engine, LANE, options.cache_entries_max, Arc::clone(&counters));
        let core = core.map_err(|error| OpenError::Database(error.to_string()))?;
        let queue = Arc::new(Queue::new(options.queue_length_max));
        let lane = lane::start(core, Arc::clone(&queue), options.clock, Arc::clone(&counters))
            .map_err(|source| OpenError::Io { path: "thread of the lane".into(), source })?;
        let inner = Inner {
            queue,
            counters,
            lane: Mutex::new(Some(lane)),
            reader,
            reader_permits: Semaphore::new(READERS_MAX),
            blocks: RwLock::default(),
            days: Days::default(),
        };
        Ok(Store { inner: Arc::new(inner) })
    }

    /// Runs a command in the lane and returns its outcome once that is durable. A command that
    /// is queued runs even if nobody waits for it any more.
    ///
    /// # Errors
    /// [`SubmitError`]; after all but [`Fault::Unknown`] nothing was stored.
    pub async fn submit<C: Command>(&self, command: C) -> Result<C::Outcome, SubmitError> {
        let (job, answer) = submission(command);
        self.enqueue(job, answer).await
    }

    async fn enqueue<T>(&self, job: Box<dyn Job>, answer: Answer<T>) -> Result<T, SubmitError> {
        if let Err(error) = self.inner.queue.push(job) {
            if error == SubmitError::Overloaded {
                add(&self.inner.counters.overloads, 1);
            }
            return Err(error);
        }
        answer.await.unwrap_or(Err(SubmitError::Fault(Fault::Stopped)))
    }

    /// One aggregate as of the last commit; `None` when there is none.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn read<A: Aggregate>(&self, key: Key) -> Result<Option<Arc<A>>, Fault> {
        let record = self.ask(move |view| view.record(&key)).await?;
        Ok(record.as_ref().and_then(A::from_record).cloned())
    }

    /// Whose a published number is; `None` when nobody has claimed it.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn shard_of(&self, kind: NumberKind, number: u32) -> Result<Option<Shard>, Fault> {
        let block = number / NUMBER_BLOCK_SIZE;
        let known = self.inner.known_block(kind, block);
        if known.is_some() {
            return Ok(known);
        }
        let found = self.ask(move |view| view.block(kind, block)).await?;
        if let Some(shard) = found {
            let mut blocks = self.inner.blocks.write().unwrap_or_else(PoisonError::into_inner);
            blocks.insert((kind, block), shard);
        }
        Ok(found)
    }

    /// Every seller, ascending; without the house.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn sellers(&self) -> Result<Vec<Shard>, Fault> {
        let mut shards = self.ask(|view| view.shards()).await?;
        shards.retain(|shard| *shard != Shard::HOUSE);
        Ok(shards)
    }

    /// The whole catalogue of a shard, read at one moment.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn catalogue(&self, shard: Shard) -> Result<CatalogueRows, Fault> {
        self.ask(move |view| queries::catalogue::catalogue(view, shard)).await
    }

    /// What is taken of each quota of a shard now.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn quotas(&self, shard: Shard) -> Result<Vec<Arc<Quota>>, Fault> {
        self.ask(move |view| queries::catalogue::quotas(view, shard)).await
    }

    /// Work whose time has come, oldest first, over all shards; at most [`PAGE_ROWS_MAX`] rows.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>, Fault> {
        self.ask(move |view| view.due(now, limit.min(PAGE_ROWS_MAX))).await
    }

    /// Effects that are owed, at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn outbox(&self, limit: u32) -> Result<Vec<Owed>, Fault> {
        self.ask(move |view| view.outbox(limit.min(PAGE_ROWS_MAX))).await
    }

    /// Takes effects that were done out of the outbox, by shard and number. Doing so twice does
    /// no harm.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be written; a full queue counts as such.
    pub async fn outbox_done(&self, done: Vec<(Shard, u32)>) -> Result<(), Fault> {
        let (job, answer) = outbox_done(done);
        self.enqueue(job, answer).await.map_err(|error| match error {
            SubmitError::Fault(fault) => fault,
            other => Fault::Database(other.to_string()),
        })
    }

    /// Where a caller's key led to on one of the days `today - 31 ..= today - 2`. Today and
    /// yesterday are looked at by the rules themselves.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn idempotency_before(
        &self,
        shard: Shard,
        hash: u128,
        today: u32,
    ) -> Result<Option<Idempotency>, Fault> {
        let days = match self.inner.days.get(shard, today) {
            Some(days) => days,
            None => {
                let days =
                    self.ask(move |view| queries::idempotency::days(view, shard, today)).await?;
                self.inner.days.set(shard, today, days.clone());
                days
            }
        };
        if days.is_empty() {
            return Ok(None);
        }
        self.ask(move |view| queries::idempotency::find(view, shard, hash, &days)).await
    }

    /// Sales of a shard in order of their numbers, after `after`; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn sales(
        &self,
        shard: Shard,
        after: SaleId,
        limit: u32,
    ) -> Result<Vec<Arc<Sale>>, Fault> {
        self.ask(move |view| queries::sales::sales(view, shard, after, limit)).await
    }

    /// Checks whether everything stored holds together (`payments.md` §6.8, §7.3).
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read at all; what is wrong in it is a finding.
    pub async fn check(&self) -> Result<CheckReport, Fault> {
        let mut report = self.ask(|view| queries::check::check_whole(view)).await?;
        for shard in self.ask(|view| view.shards()).await? {
            report.absorb(self.ask(move |view| queries::check::check_shard(view, shard)).await?);
        }
        Ok(report)
    }

    /// What the lane has counted so far.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.inner.counters.read(self.inner.queue.len())
    }

    /// Takes no more commands, finishes those that are queued, leaves the database in order and
    /// releases it. All clones of the store are closed with it.
    ///
    /// # Errors
    /// [`Fault::Stopped`] when the lane has died of a bug; what it answered is stored all the
    /// same.
    pub async fn close(self) -> Result<(), Fault> {
        self.inner.queue.close();
        let lane = self.inner.lane.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.inner.reader.close();
        let Some(lane) = lane else { return Ok(()) };
        let ended = tokio::task::spawn_blocking(move || lane.join()).await;
        ended.map_err(|_| Fault::Stopped)?.map_err(|_| Fault::Stopped)
    }

    /// Asks a reader, on a thread that may block.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl Fn(&dyn Snapshot) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _permit = self.inner.reader_permits.acquire().await.map_err(|_| Fault::Stopped)?;
        let reader = Arc::clone(&self.inner.reader);
        let answered = tokio::task::spawn_blocking(move || {
            let mut answer = Err(Fault::Stopped);
            reader.read(&mut |view| answer = question(view))?;
            answer
        });
        answered.await.map_err(|_| Fault::Stopped)?
    }
}
