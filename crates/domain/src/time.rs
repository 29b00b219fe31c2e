//! Moments in time, as the rules see them: numbers that came in from outside.

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00 UTC; may be negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A span of time in microseconds, never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(i64);

const MICROSECONDS_PER_MILLISECOND: i64 = 1_000;
const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const MICROSECONDS_PER_DAY: i64 = 86_400 * MICROSECONDS_PER_SECOND;

impl Timestamp {
    /// The moment `span` later; saturates at the end of time.
    #[must_use]
    pub fn after(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }

    /// The moment `span` earlier; saturates at the beginning of time.
    #[must_use]
    pub fn before(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.0))
    }

    /// The day this moment falls on, in days since 1970-01-01 UTC; 0 for earlier moments.
    #[must_use]
    pub fn day(self) -> u32 {
        u32::try_from(self.0.div_euclid(MICROSECONDS_PER_DAY)).unwrap_or(0)
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(MICROSECONDS_PER_SECOND)
    }

    /// The moment `seconds` after 1970-01-01 UTC.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Timestamp {
        Timestamp(seconds.saturating_mul(MICROSECONDS_PER_SECOND))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// A span of `count` milliseconds.
    #[must_use]
    pub const fn milliseconds(count: u32) -> Span {
        Span(count as i64 * MICROSECONDS_PER_MILLISECOND)
    }

    /// A span of `count` seconds.
    #[must_use]
    pub const fn seconds(count: u32) -> Span {
        Span(count as i64 * MICROSECONDS_PER_SECOND)
    }

    /// A span of `count` minutes.
    #[must_use]
    pub const fn minutes(count: u32) -> Span {
        Span(count as i64 * 60 * MICROSECONDS_PER_SECOND)
    }

    /// The span in whole milliseconds.
    #[must_use]
    pub fn as_milliseconds(self) -> u64 {
        u64::try_from(self.0 / MICROSECONDS_PER_MILLISECOND).unwrap_or(0)
    }

    /// A span of `count` hours.
    #[must_use]
    pub const fn hours(count: u32) -> Span {
        Span(count as i64 * 3_600 * MICROSECONDS_PER_SECOND)
    }
}
