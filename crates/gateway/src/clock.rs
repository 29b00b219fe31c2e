//! Where the time comes from.

use std::sync::Arc;

use domain::time::Timestamp;

/// Tells the time whenever it is asked.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
