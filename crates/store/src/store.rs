//! The store as everybody else sees it: commands go in through the lane, questions are
//! answered by readers apart.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use domain::effect::Owed;
use domain::facts::{Command, Key};
use domain::idempotency::Idempotency;
use domain::ids::{NUMBER_BLOCK_SIZE, NumberKind, SaleId, Shard};
use domain::quota::Quota;
use domain::record::Aggregate;
use domain::sale::Sale;
use domain::special_ticket::SpecialTicket;
use domain::time::Timestamp;
use rustc_hash::FxHashMap;
use tokio::sync::Semaphore;

use crate::batch::Core;
use crate::changes::Due;
use crate::clock::Clock;
use crate::cluster::{Beat, Cluster};
use crate::engine::Engine;
use crate::error::{Fault, OpenError, SubmitError};
use crate::job::{Answer, Job, outbox_done, submission};
use crate::lane::{self, Lane};
use crate::memory::MemoryDatabase;
use crate::options::Options;
use crate::queries::catalogue::CatalogueRows;
use crate::queries::check::CheckReport;
use crate::queries::idempotency::Days;
use crate::queries::{self, PAGE_ROWS_MAX};
use crate::queue::Queue;
use crate::snapshot::{Reader, Snapshot};
use crate::statistics::{Counters, Statistics, add};
use crate::sums::LedgerSum;

/// How many questions are answered at the same time, unless told otherwise.
pub const READERS_MAX: usize = 4;

/// What a store is started over.
pub struct Backend<E> {
    /// One connection a lane; at least one.
    pub engines: Vec<E>,
    /// The number of the first lane, from which the others count on. No two lanes that write to
    /// one database may have the same number.
    pub lane_first: u32,
    /// Answers questions.
    pub reader: Arc<dyn Reader>,
    /// How many questions it answers at the same time.
    pub readers_max: usize,
    /// The register of nodes, where several share a database.
    pub cluster: Option<Arc<dyn Cluster>>,
}

impl<E> Backend<E> {
    /// One lane that has the database for itself.
    #[must_use]
    pub fn single(engine: E, reader: Arc<dyn Reader>) -> Backend<E> {
        Backend {
            engines: vec![engine],
            lane_first: 1,
            reader,
            readers_max: READERS_MAX,
            cluster: None,
        }
    }
}

/// Whether the store can be relied on now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whether the lanes take commands.
    pub open: bool,
    /// What the database said when the last batch failed; `None` when it did not fail.
    pub fault: Option<String>,
    /// How far the clock is behind the latest moment that was decided at, in microseconds; the
    /// rules' time stands still meanwhile.
    pub clock_behind_us: i64,
}

/// Durable facts. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue>,
    counters: Arc<Counters>,
    clock: Arc<dyn Clock>,
    lanes: Mutex<Vec<JoinHandle<()>>>,
    reader: Arc<dyn Reader>,
    /// Whether questions are answered by whoever asks, on the spot.
    reads_inline: bool,
    cluster: Option<Arc<dyn Cluster>>,
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
        let backend = Backend::single(database.connect(), Arc::new(database));
        Store::start(backend, options).expect("a thread for the lane")
    }

    /// A store over any engine, each lane on a thread of its own.
    ///
    /// # Errors
    /// [`OpenError::Database`] when a lane's own row cannot be read; [`OpenError::Io`] when the
    /// system can start no thread.
    pub fn start<E: Engine + 'static>(
        backend: Backend<E>,
        options: Options,
    ) -> Result<Store, OpenError> {
        let (store, lanes) = Store::assemble(backend, options, false)?;
        for lane in lanes {
            let thread = lane::start(lane)
                .map_err(|source| OpenError::Io { path: "thread of a lane".into(), source })?;
            store.lock_lanes().push(thread);
        }
        Ok(store)
    }

    /// A store without threads: whoever holds the lanes turns them, and questions are answered
    /// on the spot. For a simulator, in which nothing may happen by itself.
    ///
    /// # Errors
    /// [`OpenError::Database`] when a lane's own row cannot be read.
    pub fn driven<E: Engine + 'static>(
        backend: Backend<E>,
        options: Options,
    ) -> Result<(Store, Vec<Lane<E>>), OpenError> {
        Store::assemble(backend, options, true)
    }

    fn assemble<E: Engine>(
        backend: Backend<E>,
        options: Options,
        reads_inline: bool,
    ) -> Result<(Store, Vec<Lane<E>>), OpenError> {
        refuse_unfinished(&*backend.reader)?;
        let counters = Arc::<Counters>::default();
        let queue = Arc::new(Queue::new(options.queue_length_max));
        let mut lanes = Vec::new();
        for (engine, number) in backend.engines.into_iter().zip(backend.lane_first..) {
            let core = Core::counting(engine, number, &options, Arc::clone(&counters));
            let core = core.map_err(|error| OpenError::Database(error.to_string()))?;
            let (queue, counters) = (Arc::clone(&queue), Arc::clone(&counters));
            let clock = Arc::clone(&options.clock);
            lanes.push(Lane::new(core, options.batch_max.max(1), queue, clock, counters));
        }
        let inner = Inner {
            queue,
            counters,
            clock: options.clock,
            lanes: Mutex::default(),
            reader: backend.reader,
            reads_inline,
            cluster: backend.cluster,
            reader_permits: Semaphore::new(backend.readers_max),
            blocks: RwLock::default(),
            days: Days::default(),
        };
        Ok((Store { inner: Arc::new(inner) }, lanes))
    }

    fn lock_lanes(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.inner.lanes.lock().unwrap_or_else(PoisonError::into_inner)
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
        // The lane died with the command in its hands.
        let died = || Fault::Unknown("the lane ended in the middle of a batch".to_owned());
        answer.await.unwrap_or_else(|_| Err(died().into()))
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

    /// How often the catalogue of each of these shards was changed, as of one moment; 0 for a
    /// shard that is not there.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn catalogue_revisions(
        &self,
        shards: Vec<Shard>,
    ) -> Result<Vec<(Shard, u64)>, Fault> {
        self.ask(move |view| queries::catalogue::revisions(view, &shards)).await
    }

    /// What is taken of each quota of a shard now.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn quotas(&self, shard: Shard) -> Result<Vec<Arc<Quota>>, Fault> {
        self.ask(move |view| queries::catalogue::quotas(view, shard)).await
    }

    /// A seller's single-use codes, by what they hash to.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn special_tickets(&self, shard: Shard) -> Result<Vec<Arc<SpecialTicket>>, Fault> {
        self.ask(move |view| queries::catalogue::special_tickets(view, shard)).await
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
        self.outbox_after(None, limit).await
    }

    /// As [`Store::outbox`], those behind an effect, in order of shard and number.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn outbox_after(
        &self,
        after: Option<(Shard, u32)>,
        limit: u32,
    ) -> Result<Vec<Owed>, Fault> {
        self.ask(move |view| view.outbox(after, limit.min(PAGE_ROWS_MAX))).await
    }

    /// Takes effects that were done out of the outbox, by shard and number. Doing so twice does
    /// no harm.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be written; a full queue counts as such.
    pub async fn outbox_done(&self, done: Vec<(Shard, u32)>) -> Result<(), Fault> {
        let mut by_shard = BTreeMap::<Shard, Vec<u32>>::new();
        for (shard, number) in done {
            by_shard.entry(shard).or_default().push(number);
        }
        for (shard, numbers) in by_shard {
            self.commit_outbox(shard, numbers).await?;
        }
        Ok(())
    }

    async fn commit_outbox(&self, shard: Shard, done: Vec<u32>) -> Result<(), Fault> {
        let (job, answer) = outbox_done(shard, done);
        self.enqueue(job, answer).await.map_err(|error| match error {
            SubmitError::Fault(fault) => fault,
            other => Fault::Database(other.to_string()),
        })
    }

    /// Commits next to nothing, to see whether anything can be committed; what it finds shows
    /// in the [`Condition`].
    ///
    /// # Errors
    /// [`Fault`] when it cannot.
    pub async fn probe(&self) -> Result<(), Fault> {
        self.commit_outbox(Shard::HOUSE, Vec::new()).await
    }

    /// Whether the store can be relied on now.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let behind_us = self.inner.counters.latest().0 - self.inner.clock.now().0;
        Condition {
            open: self.inner.queue.is_open(),
            fault: self.inner.counters.fault(),
            clock_behind_us: behind_us.max(0),
        }
    }

    /// The number of this node; 0 where there is only one.
    #[must_use]
    pub fn node(&self) -> u32 {
        self.inner.cluster.as_ref().map_or(0, |cluster| cluster.node())
    }

    /// Tells the other nodes that this one lives, and learns of them; `None` where there are
    /// none.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer.
    pub async fn beat(&self) -> Result<Option<Beat>, Fault> {
        let Some(cluster) = self.inner.cluster.clone() else { return Ok(None) };
        let beat = tokio::task::spawn_blocking(move || cluster.beat()).await;
        beat.map_err(|_| Fault::Stopped)?.map(Some)
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

    /// What the books add up to, one row for each sort of account and currency, over all sellers.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn ledger_sums(&self) -> Result<Vec<LedgerSum>, Fault> {
        self.ask(|view| crate::sums::ledger_sums(view)).await
    }

    /// Checks whether everything stored holds together (`payments.md` §6.8, §7.3).
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read at all; what is wrong in it is a finding.
    pub async fn check(&self) -> Result<CheckReport, Fault> {
        let mut report = self.ask(|view| queries::check::check_whole(view)).await?;
        let mut across = queries::check::Across::default();
        for shard in self.ask(|view| view.shards()).await? {
            let question = move |view: &dyn Snapshot| queries::check::check_shard(view, shard);
            let (of_shard, seen) = self.ask(question).await?;
            report.absorb(of_shard);
            across.absorb(seen);
        }
        // Sellers are looked at one after the other, and what two have with each other may have
        // changed in between; only one view of everything can tell.
        if across.agrees() { Ok(report) } else { self.ask(queries::check::check).await }
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
        let lanes = std::mem::take(&mut *self.lock_lanes());
        let inner = Arc::clone(&self.inner);
        inner.reader.close();
        let ended = tokio::task::spawn_blocking(move || {
            let ended = lanes.into_iter().map(JoinHandle::join).collect::<Result<Vec<()>, _>>();
            if let Some(Err(fault)) = inner.cluster.as_ref().map(|cluster| cluster.leave()) {
                tracing::warn!(%fault, "the other nodes could not be told that this one goes");
            }
            ended.is_ok()
        });
        let well = ended.await.map_err(|_| Fault::Stopped)?;
        if well { Ok(()) } else { Err(Fault::Stopped) }
    }

    /// Asks a reader, on a thread that may block.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl Fn(&dyn Snapshot) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _permit = self.inner.reader_permits.acquire().await.map_err(|_| Fault::Stopped)?;
        let reader = Arc::clone(&self.inner.reader);
        let ask = move || {
            let mut answer = Err(Fault::Stopped);
            reader.read(&mut |view| answer = question(view))?;
            answer
        };
        if self.inner.reads_inline {
            return ask();
        }
        tokio::task::spawn_blocking(ask).await.map_err(|_| Fault::Stopped)?
    }
}

/// What an import has begun and not finished must not sell.
fn refuse_unfinished(reader: &dyn Reader) -> Result<(), OpenError> {
    let mut unfinished = Err(Fault::Stopped);
    let read = reader.read(&mut |view| unfinished = crate::transfer::is_unfinished(view));
    match read.and(unfinished) {
        Ok(false) => Ok(()),
        Ok(true) => Err(OpenError::Unfinished),
        Err(fault) => Err(OpenError::Database(fault.to_string())),
    }
}
