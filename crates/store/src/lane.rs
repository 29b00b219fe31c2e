//! The lane: one loop over one connection.
//!
//! It takes what is queued, at most a batch, runs it and answers after the commit. It never
//! waits for a batch to fill: contention fills it. In the product each lane is a thread of its
//! own; a simulator turns the crank itself.

use std::sync::Arc;
use std::thread::JoinHandle;

use domain::ids::Shard;

use crate::batch::{Core, Jobs};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::queue::Queue;
use crate::statistics::{Counters, add};

/// The thread's name, for those who look at the process.
pub const LANE_THREAD_NAME: &str = "lane";

/// A lane without a thread.
pub struct Lane<E> {
    core: Core<E>,
    jobs: Jobs,
    batch_max: usize,
    queue: Arc<Queue>,
    clock: Arc<dyn Clock>,
    counters: Arc<Counters>,
}

impl<E: Engine> Lane<E> {
    pub(crate) fn new(
        core: Core<E>,
        batch_max: usize,
        queue: Arc<Queue>,
        clock: Arc<dyn Clock>,
        counters: Arc<Counters>,
    ) -> Lane<E> {
        Lane { core, jobs: Jobs::new(), batch_max, queue, clock, counters }
    }

    /// Runs what is queued now as one batch; `false` when there was nothing.
    pub fn step(&mut self) -> bool {
        self.queue.take_at_once(&mut self.jobs, self.batch_max);
        let any = !self.jobs.is_empty();
        if any {
            self.run_batch();
        }
        any
    }

    /// How many commands wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.jobs.len() + self.queue.len()
    }

    fn run_to_the_end(mut self) {
        while self.queue.take(&mut self.jobs, self.batch_max) {
            self.run_batch();
        }
        if let Err(error) = self.core.engine().close() {
            tracing::error!(%error, "the database could not be closed properly");
        }
    }

    fn run_batch(&mut self) {
        let began = self.clock.now();
        let Lane { core, queue, batch_max, .. } = self;
        let more = &mut |shards: &[Shard], jobs: &mut Jobs| {
            queue.take_fitting(jobs, *batch_max, shards);
        };
        self.jobs = core.run_with(std::mem::take(&mut self.jobs), began, more);
        if let Err(error) = self.core.engine().tidy() {
            tracing::warn!(%error, "housekeeping failed; it is tried again after the next batch");
        }
        let busy_us = self.clock.now().0.saturating_sub(began.0);
        add(&self.counters.busy_us, usize::try_from(busy_us).unwrap_or(0));
    }
}

/// Starts the thread of a lane.
pub(crate) fn start<E: Engine + 'static>(lane: Lane<E>) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(LANE_THREAD_NAME.to_owned()).spawn(move || {
        // If this thread dies of a bug of ours, nobody may wait for it.
        let _guard = CloseOnDrop(Arc::clone(&lane.queue));
        lane.run_to_the_end();
    })
}

struct CloseOnDrop(Arc<Queue>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
        self.0.abandon();
    }
}
