//! What a lane needs of a database, and nothing more.
//!
//! A transaction goes `begin` → any number of `load` and `claim` → `write` → `commit`, or ends
//! with `rollback` at any point. The engine knows no rule and no cache.

use domain::facts::Key;
use domain::ids::{NumberKind, Shard};
use domain::record::Record;

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
    /// The connection is gone, and with it the transaction.
    #[error("{0}")]
    Lost(String),
    /// The database cannot do it: disk full, no permission, a bug.
    #[error("{0}")]
    Failed(String),
    /// The connection is gone, and nobody can tell whether the commit went through.
    #[error("{0}")]
    Unknown(String),
}

impl EngineError {
    /// Whether a single command of the batch is to blame, so that the others may still go on.
    #[must_use]
    pub fn has_culprit(&self) -> bool {
        matches!(self, EngineError::Constraint(_) | EngineError::Unreadable(_))
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Fault {
        match error {
            EngineError::Constraint(text) => Fault::Constraint(text),
            EngineError::Unreadable(text) => Fault::Unreadable(text),
            EngineError::Lost(text) | EngineError::Failed(text) => Fault::Database(text),
            EngineError::Unknown(text) => Fault::Unknown(text),
        }
    }
}

/// One connection of one lane.
pub trait Engine: Send {
    /// Begins a transaction and locks the rows of `shards`, which come in ascending order, in a
    /// step of its own. Answers each one's sequence: how often it was changed, 0 for a new one.
    ///
    /// # Errors
    /// [`EngineError::Lost`], [`EngineError::Failed`]; no transaction is open then.
    fn begin(&mut self, shards: &[Shard]) -> Result<Vec<u64>, EngineError>;

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
    fn commit(&mut self) -> Result<(), EngineError>;

    /// Drops the transaction, if there is one.
    fn rollback(&mut self);

    /// The number of the last batch that `lane` committed; 0 before the first.
    ///
    /// # Errors
    /// [`EngineError::Lost`], [`EngineError::Failed`].
    fn lane_batch(&mut self, lane: u32) -> Result<u64, EngineError>;

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
