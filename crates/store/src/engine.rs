//! What a lane needs of a database, and nothing more.
//!
//! A transaction goes `begin` → any number of `load` and `claim` → `write` → `commit`, or ends
//! with `rollback` at any point. The engine knows no rule and no cache.

use domain::facts::Key;
use domain::ids::{NumberKind, Shard};
use domain::record::Record;
use domain::time::Timestamp;

use crate::changes::Changes;
use crate::error::Fault;

/// Why an engine could not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// One of the rows contradicts what is stored; one command of the batch is to blame.
    #[error("{0}")]
    Constraint(String),
    /// One of the rows asked for cannot be understood; one command of the batch asked for it.
    #[error("{0}")]
    Unreadable(String),
    /// The database chose to end this transaction for the sake of another; the connection is
    /// good and the batch may run again.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else holds the row of this seller, and not for a moment; commands of other
    /// sellers may go on.
    #[error(
        "the row of seller {} is held by another session of the database, perhaps an operator's; \
         pg_stat_activity shows which, end it",
        .0.0
    )]
    Locked(Shard),
    /// The connection is gone, and with it the transaction.
    #[error("{0}")]
    Lost(String),
    /// The database cannot do it: disk full, no permission, a bug.
    #[error("{0}")]
    Failed(String),
    /// Nobody can tell whether the commit went through, or whether it will last.
    #[error("{0}")]
    Unknown(String),
}

impl EngineError {
    /// Whether a single command of the batch is to blame, so that the others may still go on.
    #[must_use]
    pub fn has_culprit(&self) -> bool {
        use EngineError::{Constraint, Locked, Unreadable};
        matches!(self, Constraint(_) | Unreadable(_) | Locked(_))
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Fault {
        match error {
            locked @ EngineError::Locked(_) => Fault::Database(locked.to_string()),
            EngineError::Constraint(text) => Fault::Constraint(text),
            EngineError::Unreadable(text) => Fault::Unreadable(text),
            EngineError::Conflict(text) | EngineError::Lost(text) | EngineError::Failed(text) => {
                Fault::Database(text)
            }
            EngineError::Unknown(text) => Fault::Unknown(text),
        }
    }
}

/// A transaction that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Each locked shard's sequence: how often it was changed, 0 for a new one.
    pub sequences: Vec<u64>,
    /// The moment by the database's own clock, where it has one that several nodes share.
    pub now: Option<Timestamp>,
}

/// One connection of one lane.
pub trait Engine: Send {
    /// Begins a transaction and locks the rows of `shards`, which come in ascending order, in a
    /// step of its own.
    ///
    /// # Errors
    /// [`EngineError::Conflict`], [`EngineError::Locked`], [`EngineError::Lost`],
    /// [`EngineError::Failed`]; no transaction is open then.
    fn begin(&mut self, shards: &[Shard]) -> Result<Begun, EngineError>;

    /// Loads aggregates as committed; `None` for those that do not exist, in the order asked.
    ///
    /// # Errors
    /// Any but [`EngineError::Constraint`].
    fn load(&mut self, keys: &[Key]) -> Result<Vec<Option<Record>>, EngineError>;

    /// Claims the next free block of numbers for `shard`; lost again if the transaction is.
    ///
    /// # Errors
    /// Any; [`EngineError::Constraint`] when all published numbers are used up.
    fn claim(&mut self, shard: Shard, kind: NumberKind) -> Result<u32, EngineError>;

    /// Writes everything a batch changed.
    ///
    /// # Errors
    /// Any.
    fn write(&mut self, changes: &Changes) -> Result<(), EngineError>;

    /// Makes it durable. When this returns `Ok`, a power cut takes nothing back.
    ///
    /// # Errors
    /// After any error nobody knows whether it was committed; [`Engine::lane_batch`] tells.
    /// Only after [`EngineError::Unknown`] it does not: the commit may be seen and yet be lost.
    fn commit(&mut self) -> Result<(), EngineError>;

    /// Drops the transaction, if there is one.
    fn rollback(&mut self);

    /// The number of the last batch that `lane` committed in any of these shards; without
    /// shards, a number that no batch of this lane has had or will be mistaken for.
    ///
    /// # Errors
    /// [`EngineError::Lost`], [`EngineError::Failed`].
    fn lane_batch(&mut self, lane: u32, shards: &[Shard]) -> Result<u64, EngineError>;

    /// The latest moment at which a stored batch was decided; `None` before the first, and where
    /// the database's own clock decides.
    ///
    /// # Errors
    /// [`EngineError::Lost`], [`EngineError::Failed`].
    fn last_moment(&mut self) -> Result<Option<Timestamp>, EngineError>;

    /// Gives the connection up and opens a new one.
    ///
    /// # Errors
    /// [`EngineError::Lost`], [`EngineError::Failed`].
    fn reopen(&mut self) -> Result<(), EngineError>;

    /// Housekeeping between two batches, after the answers have gone out.
    ///
    /// # Errors
    /// Any; the lane only logs it.
    fn tidy(&mut self) -> Result<(), EngineError>;

    /// Leaves the database in order before the lane ends.
    ///
    /// # Errors
    /// Any; what was committed stays committed.
    fn close(&mut self) -> Result<(), EngineError>;
}
