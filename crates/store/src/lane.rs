//! The lane: one thread that owns one connection and runs one loop.
//!
//! It takes what is queued, at most [`BATCH_MAX`] commands, runs them as one batch and answers
//! after the commit. It never waits for a batch to fill: contention fills it.

use std::sync::Arc;
use std::thread::JoinHandle;

use crate::batch::{BATCH_MAX, Core, Jobs};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::queue::Queue;
use crate::statistics::{Counters, add};

/// The thread's name, for those who look at the process.
pub const LANE_THREAD_NAME: &str = "lane";

/// Starts the thread.
pub(crate) fn start<E: Engine + 'static>(
    core: Core<E>,
    queue: Arc<Queue>,
    clock: Arc<dyn Clock>,
    counters: Arc<Counters>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(LANE_THREAD_NAME.to_owned()).spawn(move || {
        // If this thread dies of a bug of ours, nobody may wait for it.
        let _guard = CloseOnDrop(Arc::clone(&queue));
        run(core, &queue, &*clock, &counters);
    })
}

struct CloseOnDrop(Arc<Queue>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
        self.0.abandon();
    }
}

fn run<E: Engine>(mut core: Core<E>, queue: &Queue, clock: &dyn Clock, counters: &Counters) {
    let mut jobs = Jobs::with_capacity(BATCH_MAX);
    while queue.take(&mut jobs, BATCH_MAX) {
        let began = clock.now();
        jobs = core.run(jobs, began);
        if let Err(error) = core.engine().tidy() {
            tracing::warn!(%error, "housekeeping failed; it is tried again after the next batch");
        }
        let busy_us = clock.now().0.saturating_sub(began.0);
        add(&counters.busy_us, usize::try_from(busy_us).unwrap_or(0));
    }
    if let Err(error) = core.engine().close() {
        tracing::error!(%error, "the database could not be closed properly");
    }
}
