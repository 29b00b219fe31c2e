//! Long work, done one sale a command so that it can be interrupted and never holds others up.
//!
//! | state   | what happened                                   | next state                       |
//! |---------|-------------------------------------------------|----------------------------------|
//! | —       | an event is refunded or cancelled               | Running                          |
//! | Running | a sale was done, or cannot be done              | Running, after that sale         |
//! | Running | the last sale was passed, some must wait        | Running, from the start, later   |
//! | Running | the last sale was passed, none waits            | Done                             |
//! | Running | a person stopped it                             | Stopped                          |
//!
//! Done and Stopped are final. How far it is stands in the row and changes with each sale in the
//! same commit, so a crash costs nothing: whoever works next goes on after the last sale. A worker
//! has the job to itself until [`Job::next_at`], which every step moves on.

mod start;
mod step;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::start::{StartJob, StopJob};
pub use self::step::{JobPass, JobStep, LeaveOut, Stepped};
use crate::facts::Key;
use crate::ids::{EventId, JobId, SaleId, Shard};
use crate::record::Kind;
use crate::time::{Span, Timestamp};

/// How long a worker may be silent before another one goes on.
pub const JOB_LEASE: Span = Span::seconds(30);

/// The pause before sales that had to wait are looked at again.
pub const JOB_PAUSE: Span = Span::seconds(60);

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

impl JobState {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            JobState::Running => "Running",
            JobState::Done => "Done",
            JobState::Stopped => "Stopped",
        }
    }
}

/// What is done with every sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// It is paid back.
    #[default]
    Refund,
    /// It ends without a refund.
    Cancel,
}

/// What came of the sales so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobProgress {
    /// Sales that were refunded or cancelled.
    pub done: u32,
    /// Minor units that go back by the gateways.
    pub money: i64,
    /// Minor units that went back to store credit.
    pub credit: i64,
    /// Sales of this pass that wait for a payment, a transfer or an earlier refund.
    pub waiting: u32,
    /// Sales of this pass that stay as they are, by the code of the refusal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, u32>,
}

/// One job: every sale of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Whose.
    pub shard: Shard,
    /// Its number.
    pub id: JobId,
    /// Which event it works through.
    pub event: EventId,
    /// What is done with every sale.
    #[serde(default)]
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// The last sale that was looked at.
    pub after: SaleId,
    /// When it goes on, or when another worker may.
    pub next_at: Timestamp,
    /// The node that works on it; 0 where there is only one.
    #[serde(default)]
    pub worker: u32,
    /// Used tickets, too.
    #[serde(default)]
    pub force: bool,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Who asked for it.
    #[serde(default)]
    pub by: String,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// When it last went on.
    pub changed_at: Timestamp,
    /// What came of the sales so far.
    #[serde(default)]
    pub progress: JobProgress,
}

impl Job {
    /// Where a job lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: JobId) -> Key {
        Key::number(shard, Kind::Job, id.0)
    }

    /// When a worker must go on with it.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        (self.state == JobState::Running).then_some(self.next_at)
    }

    /// Whether `worker` may go on with it now.
    #[must_use]
    pub fn is_free_for(&self, worker: u32, now: Timestamp) -> bool {
        self.state == JobState::Running && (self.worker == worker || now >= self.next_at)
    }
}
