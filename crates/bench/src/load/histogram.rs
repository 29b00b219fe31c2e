//! Latencies in buckets whose width grows with their value: 3 % precision, constant memory.

use std::fmt;
use std::time::Duration;

/// Buckets per doubling, as a power of two: 32, so a bucket is 1/32 of its value wide.
const PRECISION_BITS: u32 = 5;
/// Enough for every 64-bit number of nanoseconds.
const BUCKETS: usize = (64 - PRECISION_BITS as usize + 1) << PRECISION_BITS;

/// How often which latency was seen.
#[derive(Clone)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    max_ns: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { counts: vec![0; BUCKETS], total: 0, max_ns: 0 }
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quantile = |per_mille| self.quantile(per_mille);
        write!(f, "{} × p50 {:?} p99 {:?}", self.total, quantile(500), quantile(990))
    }
}

impl Histogram {
    /// Adds one latency.
    pub fn record(&mut self, latency: Duration) {
        let latency_ns = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.counts[bucket_of(latency_ns)] += 1;
        self.total += 1;
        self.max_ns = self.max_ns.max(latency_ns);
    }

    /// Adds everything that another histogram saw.
    pub fn merge(&mut self, other: &Histogram) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.total += other.total;
        self.max_ns = self.max_ns.max(other.max_ns);
    }

    /// How many latencies were added.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The longest latency, exact; zero when nothing was added.
    #[must_use]
    pub fn max(&self) -> Duration {
        Duration::from_nanos(self.max_ns)
    }

    /// The latency that `per_mille` of a thousand did not exceed, rounded up by at most 1/32.
    #[must_use]
    pub fn quantile(&self, per_mille: u32) -> Duration {
        let wanted = (self.total * u64::from(per_mille.min(1_000))).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos(bucket_end(bucket).min(self.max_ns));
            }
        }
        self.max()
    }
}

fn bucket_of(value: u64) -> usize {
    let shift = (u64::BITS - value.leading_zeros()).saturating_sub(PRECISION_BITS + 1);
    let offset = usize::try_from(value >> shift).unwrap_or(usize::MAX);
    ((shift as usize) << PRECISION_BITS) + offset
}

fn bucket_end(bucket: usize) -> u64 {
    let shift = (bucket >> PRECISION_BITS).saturating_sub(1);
    let offset = (bucket - (shift << PRECISION_BITS)) as u64;
    ((offset + 1) << shift).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_a_bucket_that_is_at_most_one_thirtysecond_wide() {
        // Proves the precision promised by `quantile`, at every power of two and beside it.
        for power in 0..64 {
            for value in [(1_u64 << power) - 1, 1 << power, (1 << power) + 1] {
                let end = bucket_end(bucket_of(value));
                assert!(end >= value, "{value} lies above its bucket's end {end}");
                assert!(end - value <= value / 32, "{value} in a bucket ending at {end}");
            }
        }
        assert!(bucket_of(u64::MAX) < BUCKETS);
    }

    #[test]
    fn quantiles_are_those_of_the_values() {
        // Proves that p50 and p99 of 1..=1000 µs are 500 and 990 µs within the precision.
        let mut histogram = Histogram::default();
        (1..=1_000).for_each(|us| histogram.record(Duration::from_micros(us)));
        for (per_mille, expected_us) in [(500, 500), (990, 990), (1_000, 1_000)] {
            let found = histogram.quantile(per_mille);
            let expected = Duration::from_micros(expected_us);
            assert!(found >= expected && found <= expected * 33 / 32, "{per_mille}: {found:?}");
        }
        assert_eq!(histogram.max(), Duration::from_millis(1));
        assert_eq!(Histogram::default().quantile(990), Duration::ZERO);
    }

    #[test]
    fn merging_adds_up() {
        // Proves that two halves merged are the whole.
        let (mut left, mut right) = (Histogram::default(), Histogram::default());
        left.record(Duration::from_millis(1));
        right.record(Duration::from_millis(9));
        left.merge(&right);
        assert_eq!((left.count(), left.max()), (2, Duration::from_millis(9)));
    }
}
