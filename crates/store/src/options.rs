//! What an operator or a test may choose.

use std::sync::Arc;
use std::time::Duration;

use crate::batch::BATCH_MAX;
use crate::clock::{Clock, SystemClock};

/// How many commands may wait for the lane before it says [`crate::SubmitError::Overloaded`].
pub const QUEUE_LENGTH_MAX: usize = 8_192;

/// How many evictable aggregates a lane keeps in memory, about 2 KB each.
pub const CACHE_ENTRIES_MAX: usize = 100_000;

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// Tells the rules the time.
    pub clock: Arc<dyn Clock>,
    /// Makes every sync of the disk take this much longer, to see how a slow disk feels.
    pub sync_delay: Option<Duration>,
    /// Commands that may wait, [`QUEUE_LENGTH_MAX`] unless told otherwise; at least 1.
    pub queue_length_max: usize,
    /// Aggregates kept in memory, [`CACHE_ENTRIES_MAX`] unless told otherwise.
    pub cache_entries_max: usize,
    /// Commands in one batch, [`BATCH_MAX`] unless told otherwise; at least 1.
    pub batch_max: usize,
    /// Takes the clock as it is, even if the database has seen a later moment.
    pub clock_accepted: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            clock: Arc::new(SystemClock),
            sync_delay: None,
            queue_length_max: QUEUE_LENGTH_MAX,
            cache_entries_max: CACHE_ENTRIES_MAX,
            batch_max: BATCH_MAX,
            clock_accepted: false,
        }
    }
}
