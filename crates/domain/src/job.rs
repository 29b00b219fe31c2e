//! Long work, done one sale a command so that it can be interrupted and never holds others up.

use serde::{Deserialize, Serialize};

use crate::ids::{EventId, JobId, SaleId, Shard};
use crate::time::Timestamp;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// There is more to do.
    Running,
    /// All is done.
    Done,
    /// A person stopped it.
    Stopped,
}

/// One job: the refund of every sale of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Whose.
    pub shard: Shard,
    /// Its number.
    pub id: JobId,
    /// Which event it works through.
    pub event: EventId,
    /// Where it stands.
    pub state: JobState,
    /// The last sale that was looked at.
    pub after: SaleId,
    /// When it goes on.
    pub next_at: Timestamp,
}

impl Job {
    /// When a worker must go on with it.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        (self.state == JobState::Running).then_some(self.next_at)
    }
}
