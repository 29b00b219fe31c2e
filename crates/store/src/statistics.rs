//! What a lane counts.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use domain::time::Timestamp;

/// Counts since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Batches taken up, committed or not.
    pub batches: u64,
    /// Commands answered.
    pub commands: u64,
    /// Batches that changed something and are durable.
    pub commits: u64,
    /// Times a batch had to wait for something it had not foreseen.
    pub miss_rounds: u64,
    /// Commands turned away because the queue was full.
    pub overloads: u64,
    /// Commands that wait now.
    pub queue_length: u64,
    /// Aggregates in memory now.
    pub cache_entries: u64,
    /// Microseconds the lane was at work.
    pub busy_us: u64,
}

/// The same, while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) batches: AtomicU64,
    pub(crate) commands: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) miss_rounds: AtomicU64,
    pub(crate) overloads: AtomicU64,
    pub(crate) cache_entries: AtomicU64,
    pub(crate) busy_us: AtomicU64,
    /// The latest moment a batch was decided at, in microseconds since 1970.
    latest_us: AtomicI64,
    faulty: AtomicBool,
    fault: Mutex<Option<String>>,
}

impl Counters {
    pub(crate) fn saw_moment(&self, moment: Timestamp) {
        self.latest_us.fetch_max(moment.0, Relaxed);
    }

    pub(crate) fn latest(&self) -> Timestamp {
        Timestamp(self.latest_us.load(Relaxed))
    }

    /// Notes how the last batch went; costs next to nothing while all goes well.
    pub(crate) fn set_fault(&self, fault: Option<String>) {
        if fault.is_none() && !self.faulty.load(Relaxed) {
            return;
        }
        self.faulty.store(fault.is_some(), Relaxed);
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    pub(crate) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn read(&self, queue_length: usize) -> Statistics {
        Statistics {
            batches: self.batches.load(Relaxed),
            commands: self.commands.load(Relaxed),
            commits: self.commits.load(Relaxed),
            miss_rounds: self.miss_rounds.load(Relaxed),
            overloads: self.overloads.load(Relaxed),
            queue_length: queue_length as u64,
            cache_entries: self.cache_entries.load(Relaxed),
            busy_us: self.busy_us.load(Relaxed),
        }
    }
}

pub(crate) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Relaxed);
}
