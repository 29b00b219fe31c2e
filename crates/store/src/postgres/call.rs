//! One statement with its values, and what must become of it.

use domain::ids::Shard;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use super::failure::{engine_error, is_duplicate, is_locked, shown};
use crate::engine::EngineError;

/// One value for a statement.
pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// One statement with its values.
pub(super) struct Call {
    pub(super) sql: &'static str,
    pub(super) params: Vec<Param>,
    /// What its success means.
    pub(super) expected: Expected,
}

/// What must become of a statement.
pub(super) enum Expected {
    /// Anything but an error.
    Anything,
    /// So many rows, or this error.
    Rows(u64, EngineError),
    /// New rows; a duplicate means that somebody else was faster, and the batch runs again.
    FirstComer,
    /// The lock of this shard, in time.
    Lock(Shard),
}

impl Call {
    /// A statement whose success is success.
    pub(super) fn new(sql: &'static str, params: Vec<Param>) -> Call {
        Call { sql, params, expected: Expected::Anything }
    }

    /// The same, with an expectation.
    pub(super) fn expecting(self, expected: Expected) -> Call {
        Call { expected, ..self }
    }

    /// Holds what came of it against what was expected.
    pub(super) fn judge(&self, result: Result<Answer, Error>) -> Result<Answer, EngineError> {
        match (result, &self.expected) {
            (Err(error), Expected::FirstComer) if is_duplicate(&error) => {
                Err(EngineError::Conflict(shown(&error)))
            }
            (Err(error), Expected::Lock(shard)) if is_locked(&error) => {
                Err(EngineError::Locked(*shard))
            }
            (Err(error), _) => Err(engine_error(&error)),
            (Ok(answer), Expected::Rows(count, otherwise)) if answer.affected != *count => {
                Err(otherwise.clone())
            }
            (Ok(answer), _) => Ok(answer),
        }
    }
}

/// What a statement gave.
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) affected: u64,
}
