//! Between rows and aggregates: addresses, values, bodies.

use domain::facts::Key;
use domain::ids::Shard;
use domain::record::{Kind, Record};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::engine::EngineError;
use crate::error::Fault;
use crate::records::{self, BODY_VERSION, Value};

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

/// Reads a body, and makes sure that it is the one that belongs to this address.
pub(super) fn decode(key: &Key, version: u32, body: &[u8]) -> Result<Record, String> {
    if version > BODY_VERSION {
        return Err(format!("{}: written by a newer program", shown(key)));
    }
    let record = records::decode(key, body);
    let record = record.map_err(|error| format!("{}: {error}", shown(key)))?;
    if record.key() != *key {
        return Err(format!("{}: it holds {}", shown(key), shown(&record.key())));
    }
    Ok(record)
}

fn shown(key: &Key) -> String {
    let Key { shard, kind, number, hash } = key;
    match kind {
        Kind::Idempotency | Kind::Principal => {
            format!("{kind:?} {hash:032x} of day {number} in shard {}", shard.0)
        }
        _ => format!("{kind:?} {number} in shard {}", shard.0),
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
