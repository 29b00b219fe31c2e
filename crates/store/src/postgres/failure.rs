//! What an error of the driver means for a batch.
//!
//! Nothing of a row is repeated: what PostgreSQL calls the detail of an error may hold a buyer's
//! data, and it stays out.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::engine::EngineError;

/// The database chose to end the transaction.
const CONFLICTS: [SqlState; 2] =
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];

/// This connection, or the server behind it, is of no use any more: shut down, crashed, demoted,
/// or it has ended our session.
const LOSSES: [SqlState; 7] = [
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
    SqlState::READ_ONLY_SQL_TRANSACTION,
    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    SqlState::IDLE_SESSION_TIMEOUT,
    SqlState::INVALID_SQL_STATEMENT_NAME,
];

/// A value of ours does not fit, apart from the constraints of class 23.
const MISFITS: [SqlState; 4] = [
    SqlState::NUMERIC_VALUE_OUT_OF_RANGE,
    SqlState::CHARACTER_NOT_IN_REPERTOIRE,
    SqlState::UNTRANSLATABLE_CHARACTER,
    SqlState::CARDINALITY_VIOLATION,
];

/// Errors of this class mean that the connection is broken.
const CONNECTION_CLASS: &str = "08";

/// Errors of this class mean that a row contradicts what is stored.
const CONSTRAINT_CLASS: &str = "23";

/// Sorts an error.
pub(super) fn engine_error(error: &Error) -> EngineError {
    let text = shown(error);
    let Some(refused) = error.as_db_error() else {
        return if is_about_the_connection(error) {
            EngineError::Lost(text)
        } else {
            EngineError::Failed(text)
        };
    };
    let code = refused.code();
    if CONFLICTS.contains(code) {
        EngineError::Conflict(text)
    } else if LOSSES.contains(code) || code.code().starts_with(CONNECTION_CLASS) {
        EngineError::Lost(text)
    } else if MISFITS.contains(code) || code.code().starts_with(CONSTRAINT_CLASS) {
        EngineError::Constraint(text)
    } else {
        EngineError::Failed(text)
    }
}

/// Whether somebody else has written the same new row.
pub(super) fn is_duplicate(error: &Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
}

/// Whether somebody else held a lock for longer than we wait.
pub(super) fn is_locked(error: &Error) -> bool {
    error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE)
}

fn is_about_the_connection(error: &Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    io.is_some() || error.is_closed()
}

/// The error in one line, without any row.
pub(super) fn shown(error: &Error) -> String {
    match error.as_db_error() {
        Some(refused) => shown_refusal(refused),
        None => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}

fn shown_refusal(refused: &DbError) -> String {
    let (code, message) = (refused.code().code(), refused.message());
    match refused.constraint() {
        Some(constraint) => format!("PostgreSQL {code}: {message} ({constraint})"),
        None => format!("PostgreSQL {code}: {message}"),
    }
}
