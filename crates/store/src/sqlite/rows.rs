//! Between rows and aggregates: addresses, values, bodies.

use domain::ids::Shard;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

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

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> EngineError {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => {
                EngineError::Constraint(error.to_string())
            }
            _ => EngineError::Failed(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Database(error.to_string())
    }
}

impl From<rusqlite::types::FromSqlError> for Fault {
    fn from(error: rusqlite::types::FromSqlError) -> Fault {
        Fault::Unreadable(error.to_string())
    }
}
