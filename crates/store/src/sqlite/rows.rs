//! Between rows and aggregates: addresses, values, bodies.

use domain::ids::Shard;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, ToSql};

use crate::engine::EngineError;
use crate::error::Fault;
use crate::records::Value;

/// Shard and number in one integer.
pub(super) fn id_of(shard: Shard, number: u32) -> i64 {
    i64::from(shard.0) << 32 | i64::from(number)
}

/// The other way round.
pub(super) fn parts_of(id: i64) -> (Shard, u32) {
    let low = |value: i64| u32::try_from(value & 0xFFFF_FFFF).unwrap_or(0);
    (Shard(low(id >> 32)), low(id))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Integer(Some(number)) => ValueRef::Integer(*number),
            Value::Integer(None) => ValueRef::Null,
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// A damaged page concerns whoever needs what lies on it; the others go on.
impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> EngineError {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => EngineError::Constraint(error.to_string()),
            Some(ErrorCode::DatabaseCorrupt) => EngineError::Unreadable(advice(&error)),
            _ => EngineError::Failed(advice(&error)),
        }
    }
}

/// For what concerns the whole batch, whatever is in it.
pub(super) fn without_culprit(error: rusqlite::Error) -> EngineError {
    match EngineError::from(error) {
        EngineError::Constraint(text) | EngineError::Unreadable(text) => EngineError::Failed(text),
        other => other,
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => Fault::Unreadable(advice(&error)),
            _ => Fault::Database(advice(&error)),
        }
    }
}

/// What SQLite says, and what a person can do.
fn advice(error: &rusqlite::Error) -> String {
    let todo = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "free some room on the disk; then selling goes on by itself",
        Some(ErrorCode::SystemIoFailure) => {
            "look for a full or failing disk; once it can be written, selling goes on by itself"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "check that folder and files can be written by the user this runs as"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds the database; end it"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "a page of the database is damaged; what lies on it is not sold until a backup is \
             restored"
        }
        _ => return error.to_string(),
    };
    format!("{error}; {todo}")
}

impl From<rusqlite::types::FromSqlError> for Fault {
    fn from(error: rusqlite::types::FromSqlError) -> Fault {
        Fault::Unreadable(error.to_string())
    }
}
