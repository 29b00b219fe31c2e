//! Where the time comes from: the one place that asks the system, replaced in tests.

use domain::time::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// This moment, in microseconds since 1970.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everybody else is handed"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let microseconds = since.map_or(0, |span| span.as_micros());
        Timestamp(i64::try_from(microseconds).unwrap_or(i64::MAX))
    }
}
