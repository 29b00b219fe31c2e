//! When requests are meant to leave.

use std::time::{Duration, Instant};

/// How requests follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Each connection sends its next request as soon as it has its answer.
    Closed,
    /// So many requests a second, evenly, whether or not the server keeps up. Latency counts
    /// from the intended moment, so a stall is charged to every request it delayed.
    Open {
        /// Requests a second; at least 1.
        rate: u32,
    },
}

/// Hands out the intended moments of one run, oldest first.
pub(super) struct Schedule {
    start: Instant,
    end: Instant,
    interval: Option<Duration>,
    left: u64,
    given: u32,
}

impl Schedule {
    /// Moments from `start` to just before `end`, at most `requests_max`.
    pub(super) fn new(pace: Pace, start: Instant, end: Instant, requests_max: u64) -> Schedule {
        let interval = match pace {
            Pace::Closed => None,
            Pace::Open { rate } => Some(Duration::from_secs(1) / rate.max(1)),
        };
        Schedule { start, end, interval, left: requests_max, given: 0 }
    }

    /// The next intended moment that has come; `None` while none has.
    pub(super) fn take(&mut self, now: Instant) -> Option<Instant> {
        let moment = self.next(now).filter(|moment| *moment <= now)?;
        self.given += 1;
        self.left -= 1;
        Some(moment)
    }

    /// The next intended moment; `None` when there are no more.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let moment = self.interval.map_or(now, |interval| self.start + interval * self.given);
        (self.left > 0 && moment < self.end).then_some(moment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn open_moments_are_even_and_wait_for_nobody() {
        // Proves that a late look finds every moment that passed meanwhile, as it was intended.
        let start = clock::now();
        let second = Duration::from_secs(1);
        let mut schedule = Schedule::new(Pace::Open { rate: 4 }, start, start + second, u64::MAX);
        assert_eq!(schedule.take(start), Some(start));
        assert_eq!(schedule.take(start), None);
        let late = start + 5 * second;
        let found: Vec<_> = std::iter::from_fn(|| schedule.take(late)).collect();
        assert_eq!(found, [1, 2, 3].map(|count| start + second / 4 * count));
        assert_eq!(schedule.next(late), None);
    }

    #[test]
    fn closed_moments_are_now_until_time_or_count_end() {
        // Proves both bounds of a closed run.
        let start = clock::now();
        let second = Duration::from_secs(1);
        let mut schedule = Schedule::new(Pace::Closed, start, start + second, 2);
        assert_eq!(schedule.take(start), Some(start));
        assert_eq!(schedule.take(start + second), None);
        let later = start + second / 2;
        assert_eq!(schedule.take(later), Some(later));
        assert_eq!(schedule.take(later), None);
    }
}
