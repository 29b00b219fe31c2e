//! The one place of this crate that reads the clock.

use std::time::Instant;

/// The present moment, for measuring only: no rule ever sees it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Nanoseconds since 1970, for telling runs apart.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub fn unix_time_ns() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |span| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX))
}
