//! The store as everybody else sees it: commands go in through the lane, questions are
//! answered by readers apart.

mod assembly;
mod outbox;
mod questions;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use domain::facts::{Command, Key};
use domain::ids::{NumberKind, Shard};
use domain::record::Aggregate;
use rustc_hash::FxHashMap;
use tokio::sync::Semaphore;

pub use self::assembly::{Backend, READERS_MAX};
use crate::clock::Clock;
use crate::cluster::{Beat, Cluster};
use crate::error::{Fault, SubmitError};
use crate::job::{Answer, Job, submission};
use crate::queries::idempotency::Days;
use crate::queue::Queue;
use crate::snapshot::{Reader, Snapshot};
use crate::statistics::{Counters, Statistics, add};

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

impl Drop for Inner {
    /// The lane finishes what is queued and ends; nobody is left to wait for it.
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Store {
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
