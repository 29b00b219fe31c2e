//! The one place of this crate that reads the clock.

use std::time::Instant;

/// The present moment, for measuring only: no rule ever sees it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
pub fn now() -> Instant {
    Instant::now()
}
