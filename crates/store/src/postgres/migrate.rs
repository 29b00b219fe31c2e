//! Brings a database to this program's schema, however many nodes start at once.
//!
//! An older program may start on a newer schema as long as each newer migration says that it only
//! expands, which each does so far: so a cluster is upgraded node by node, and a node may go back.
//! What an older program cannot do is read newer *bodies*; `cluster.rs` sees to that.

use super::call::Call;
use super::connection::Connection;
use super::load::{column, number};
use crate::engine::EngineError;
use crate::error::OpenError;
use crate::migrate::{Migration, POSTGRES, compare, missing};

/// Held by whoever migrates or registers: "Guichet" as a number.
pub(super) const ADVISORY_LOCK: i64 = 0x47_7569_6368_6574;

/// How long another node may take to migrate.
const OTHERS_WITHIN_MS: u32 = 15_000;

const STORY: &str = "CREATE TABLE migration (
    version bigint PRIMARY KEY,
    name text NOT NULL,
    sql text NOT NULL,
    -- Whether programs that know nothing of it go on working.
    expands boolean NOT NULL
)";

const STORY_EXISTS: &str = "SELECT to_regclass('migration') IS NOT NULL";

const APPLIED: &str = "SELECT version, sql, expands FROM migration ORDER BY version";

const TELL: &str = "INSERT INTO migration (version, name, sql, expands) VALUES ($1, $2, $3, true)";

/// Applies what is missing, all of it or nothing.
///
/// # Errors
/// [`OpenError::Newer`], [`OpenError::Diverged`], [`OpenError::Database`].
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    connection.simple(&format!(
        "BEGIN; SET LOCAL lock_timeout = {OTHERS_WITHIN_MS};
         SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"
    ))?;
    let migrated = apply_missing(connection);
    let end = if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.simple(end)?;
    migrated
}

fn apply_missing(connection: &mut Connection) -> Result<(), OpenError> {
    let rows = connection.ask(Call::new(STORY_EXISTS, Vec::new()))?;
    if !rows.first().map_or(Ok(false), |row| column(row, 0))? {
        connection.simple(STORY)?;
    }
    let applied = applied(connection)?;
    compare(&applied, POSTGRES)?;
    missing(&applied, POSTGRES).try_for_each(|migration| apply(connection, migration))
}

/// Of what was applied, what this program knows too.
fn applied(connection: &mut Connection) -> Result<Vec<(u32, String)>, OpenError> {
    let known = POSTGRES.last().map_or(0, |last| last.version);
    let mut applied = Vec::new();
    for row in connection.ask(Call::new(APPLIED, Vec::new()))? {
        let (version, expands): (u32, bool) = (number(&row, 0)?, column(&row, 2)?);
        if version <= known {
            applied.push((version, column(&row, 1)?));
        } else if !expands {
            return Err(OpenError::Newer { found: version, known });
        }
    }
    Ok(applied)
}

fn apply(connection: &mut Connection, migration: &Migration) -> Result<(), OpenError> {
    let Migration { version, name, sql } = migration;
    connection.simple(sql)?;
    let params: Vec<super::call::Param> =
        vec![Box::new(i64::from(*version)), Box::new(*name), Box::new(*sql)];
    connection.ask(Call::new(TELL, params))?;
    tracing::info!(version, name, "migrated the database");
    Ok(())
}

impl From<EngineError> for OpenError {
    fn from(error: EngineError) -> OpenError {
        OpenError::Database(error.to_string())
    }
}
