//! The clock of a season that passes while a database is filled.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use domain::time::Timestamp;
use store::{Clock, SystemClock};

/// How long the stored orders were in the making.
const SEASON_US: u64 = 300 * 24 * 60 * 60 * 1_000_000;
/// The season ends a little before now, because time must not go back for the product.
const END_BEFORE_US: u64 = 10 * 60 * 1_000_000;

/// Goes on with every order that begins, from 300 days ago until just before now.
#[derive(Debug)]
pub(super) struct Calendar {
    began: Timestamp,
    orders: u64,
    begun: AtomicU64,
}

impl Calendar {
    /// A season of so many orders.
    pub(super) fn of(orders: u64) -> Calendar {
        let back = i64::try_from(SEASON_US + END_BEFORE_US).unwrap_or(i64::MAX);
        let began = Timestamp(SystemClock.now().0.saturating_sub(back));
        Calendar { began, orders: orders.max(1), begun: AtomicU64::new(0) }
    }

    /// The number of the next order, from 0; none when all have begun.
    pub(super) fn next_order(&self) -> Option<u64> {
        let number = self.begun.fetch_add(1, Relaxed);
        (number < self.orders).then_some(number)
    }
}

impl Clock for Calendar {
    fn now(&self) -> Timestamp {
        let begun = self.begun.load(Relaxed).min(self.orders);
        let passed = u128::from(SEASON_US) * u128::from(begun) / u128::from(self.orders);
        Timestamp(self.began.0.saturating_add(i64::try_from(passed).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_ends_before_now_however_many_orders_it_has() {
        // Proves that the product does not see its clock go back on a filled database.
        let calendar = Calendar::of(3);
        let began = calendar.now();
        let numbers: Vec<u64> = std::iter::from_fn(|| calendar.next_order()).collect();
        assert_eq!(numbers, [0, 1, 2]);
        let passed = u64::try_from(calendar.now().0 - began.0).unwrap();
        assert_eq!(passed, SEASON_US);
        assert!(calendar.now() < SystemClock.now());
    }
}
