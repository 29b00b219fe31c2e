//! Where commands wait for their lane: bounded, in order of arrival.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use domain::facts::Shards;
use domain::ids::Shard;

use crate::error::{Fault, SubmitError};
use crate::job::Job;

/// A bounded queue; each lane of the store takes from it.
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    length_max: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Job>>,
    /// How many takers sleep; whoever adds a job must wake one. Waking costs a system call, and
    /// a busy taker need not be woken.
    takers_asleep: usize,
    closed: bool,
}

impl State {
    fn hand_out(&mut self, jobs: &mut Vec<Box<dyn Job>>, count_max: usize) {
        let count = count_max.saturating_sub(jobs.len()).min(self.jobs.len());
        jobs.extend(self.jobs.drain(..count));
    }
}

impl Queue {
    pub(crate) fn new(length_max: usize) -> Queue {
        Queue { state: Mutex::default(), filled: Condvar::new(), length_max: length_max.max(1) }
    }

    /// Adds a job behind all others, or turns it away at once.
    pub(crate) fn push(&self, job: Box<dyn Job>) -> Result<(), SubmitError> {
        let mut state = self.lock();
        if state.closed {
            return Err(Fault::Stopped.into());
        }
        if state.jobs.len() >= self.length_max {
            return Err(SubmitError::Overloaded);
        }
        state.jobs.push_back(job);
        if state.takers_asleep > 0 {
            state.takers_asleep -= 1;
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Appends what waits, so that `jobs` has at most `count_max`; sleeps while there is nothing
    /// at all. `false` when the queue is closed and empty and `jobs` is too.
    pub(crate) fn take(&self, jobs: &mut Vec<Box<dyn Job>>, count_max: usize) -> bool {
        let mut state = self.lock();
        while jobs.is_empty() && state.jobs.is_empty() && !state.closed {
            state.takers_asleep += 1;
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.hand_out(jobs, count_max);
        !jobs.is_empty()
    }

    /// The same without sleeping.
    pub(crate) fn take_at_once(&self, jobs: &mut Vec<Box<dyn Job>>, count_max: usize) {
        self.lock().hand_out(jobs, count_max);
    }

    /// Appends from the front what needs only these shards, which come in ascending order, so
    /// that `jobs` has at most `count_max`; stops at the first that needs another.
    pub(crate) fn take_fitting(
        &self,
        jobs: &mut Vec<Box<dyn Job>>,
        count_max: usize,
        shards: &[Shard],
    ) {
        let mut state = self.lock();
        let room = count_max.saturating_sub(jobs.len());
        let locked = |shard: Shard| shards.binary_search(&shard).is_ok();
        let fits = |job: &dyn Job| match job.shards() {
            Shards::One(only) => locked(only),
            Shards::Two(one, other) => locked(one) && locked(other),
            Shards::Three(a, b, c) => [a, b, c].into_iter().all(locked),
        };
        let count = state.jobs.iter().take(room).take_while(|job| fits(&***job)).count();
        jobs.extend(state.jobs.drain(..count));
    }

    /// Takes no more jobs; what waits is still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Turns away what waits; for a lane that has died, so that nobody waits for ever.
    pub(crate) fn abandon(&self) {
        let jobs = std::mem::take(&mut self.lock().jobs);
        for mut job in jobs {
            job.fail(Fault::Stopped);
            job.answer();
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.lock().closed
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::outbox_done;

    /// What is taken behind a lock needs no other lock, comes in the order of its arrival, and
    /// leaves the batch within its size.
    #[test]
    fn only_what_fits_is_taken() {
        let check = |queued: &[u32], locked: &[u32], room: usize, expected: usize| {
            let queue = Queue::new(100);
            for shard in queued {
                let pushed = queue.push(outbox_done(Shard(*shard), Vec::new()).0);
                assert_eq!(pushed, Ok(()));
            }
            let (mut jobs, locked) = (Vec::new(), locked.iter().copied().map(Shard));
            queue.take_fitting(&mut jobs, room, &locked.collect::<Vec<_>>());
            assert_eq!((jobs.len(), queue.len()), (expected, queued.len() - expected));
        };
        check(&[7, 7, 7], &[7], 10, 3);
        check(&[7, 8, 7], &[7], 10, 1);
        check(&[7, 8, 7], &[7, 8], 10, 3);
        check(&[7, 7, 7], &[7], 2, 2);
        check(&[9], &[7, 8], 10, 0);
    }
}
