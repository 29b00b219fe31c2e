//! Brings a database to this program's schema, one numbered file at a time.
//!
//! Each applied file is kept in the database word by word, so that a database tells its own
//! story and a file that was changed after the fact is noticed.

use rusqlite::Connection;

use crate::error::OpenError;

/// One numbered file.
pub(crate) struct Migration {
    /// Its number, from 1 without gaps.
    pub(crate) version: u32,
    /// Its name, for people.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) sql: &'static str,
}

/// Every migration of a SQLite database, in order.
pub(crate) const SQLITE: &[Migration] = &[
    Migration {
        version: 1,
        name: "first_sale",
        sql: include_str!("../migrations/sqlite/V1__first_sale.sql"),
    },
    Migration {
        version: 2,
        name: "clock",
        sql: include_str!("../migrations/sqlite/V2__clock.sql"),
    },
    Migration {
        version: 3,
        name: "sign_in",
        sql: include_str!("../migrations/sqlite/V3__sign_in.sql"),
    },
    Migration {
        version: 4,
        name: "ticket_window",
        sql: include_str!("../migrations/sqlite/V4__ticket_window.sql"),
    },
    Migration {
        version: 5,
        name: "agents_and_clubs",
        sql: include_str!("../migrations/sqlite/V5__agents_and_clubs.sql"),
    },
    Migration {
        version: 6,
        name: "instalments",
        sql: include_str!("../migrations/sqlite/V6__instalments.sql"),
    },
];

/// Every migration of a PostgreSQL database, in order. Each only expands: programs that know
/// nothing of it go on working.
pub(crate) const POSTGRES: &[Migration] = &[
    Migration {
        version: 1,
        name: "first_sale",
        sql: include_str!("../migrations/postgres/V1__first_sale.sql"),
    },
    Migration {
        version: 2,
        name: "sign_in",
        sql: include_str!("../migrations/postgres/V2__sign_in.sql"),
    },
    Migration {
        version: 3,
        name: "ticket_window",
        sql: include_str!("../migrations/postgres/V3__ticket_window.sql"),
    },
    Migration {
        version: 4,
        name: "agents_and_clubs",
        sql: include_str!("../migrations/postgres/V4__agents_and_clubs.sql"),
    },
    Migration {
        version: 5,
        name: "instalments",
        sql: include_str!("../migrations/postgres/V5__instalments.sql"),
    },
];

const STORY: &str = "CREATE TABLE IF NOT EXISTS migration (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sql TEXT NOT NULL
) STRICT";

/// Applies what is missing.
///
/// # Errors
/// [`OpenError::Newer`], [`OpenError::Diverged`], [`OpenError::Database`].
pub(crate) fn migrate(
    connection: &mut Connection,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    connection.execute_batch(STORY)?;
    let applied = understood(connection, migrations)?;
    missing(&applied, migrations).try_for_each(|migration| apply(connection, migration))
}

/// Refuses a database that is not of this program's schema, and changes nothing.
///
/// # Errors
/// [`OpenError::Older`], and those of [`migrate`].
pub(crate) fn refuse_others(
    connection: &Connection,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    let applied = understood(connection, migrations)?;
    let (found, known) = (last_of(&applied), newest(migrations));
    if found < known { Err(OpenError::Older { found, known }) } else { Ok(()) }
}

/// What was applied, all of which this program knows.
fn understood(
    connection: &Connection,
    migrations: &[Migration],
) -> Result<Vec<(u32, String)>, OpenError> {
    let applied = applied(connection)?;
    let (found, known) = (last_of(&applied), newest(migrations));
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    compare(&applied, migrations)?;
    Ok(applied)
}

fn newest(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, |last| last.version)
}

fn last_of(applied: &[(u32, String)]) -> u32 {
    applied.last().map_or(0, |(version, _)| *version)
}

/// Refuses a database in which something else was applied than this program carries.
pub(crate) fn compare(
    applied: &[(u32, String)],
    migrations: &[Migration],
) -> Result<(), OpenError> {
    for (version, sql) in applied {
        let ours = migrations.iter().find(|migration| migration.version == *version);
        if ours.is_none_or(|ours| ours.sql != sql) {
            return Err(OpenError::Diverged(*version));
        }
    }
    Ok(())
}

/// What is still to be applied.
pub(crate) fn missing<'a>(
    applied: &[(u32, String)],
    migrations: &'a [Migration],
) -> impl Iterator<Item = &'a Migration> {
    let last = last_of(applied);
    migrations.iter().filter(move |migration| migration.version > last)
}

fn applied(connection: &Connection) -> Result<Vec<(u32, String)>, OpenError> {
    let mut statement =
        connection.prepare("SELECT version, sql FROM migration ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn apply(connection: &mut Connection, migration: &Migration) -> Result<(), OpenError> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(migration.sql)?;
    transaction.execute(
        "INSERT INTO migration (version, name, sql) VALUES (?1, ?2, ?3)",
        (migration.version, migration.name, migration.sql),
    )?;
    transaction.commit()?;
    tracing::info!(version = migration.version, name = migration.name, "migrated the database");
    Ok(())
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> OpenError {
        use rusqlite::ErrorCode::{CannotOpen, DatabaseCorrupt, NotADatabase, ReadOnly};
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => OpenError::Damaged(text),
            Some(ReadOnly | CannotOpen) => OpenError::Forbidden(text),
            _ => OpenError::Database(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Migrations come one after another, each once; a failing one leaves nothing behind.
    #[test]
    fn each_is_applied_once_and_whole() {
        let first = Migration { version: 1, name: "a", sql: "CREATE TABLE a (x)" };
        let second = Migration { version: 2, name: "b", sql: "CREATE TABLE b (x)" };
        let broken = Migration { version: 3, name: "c", sql: "CREATE TABLE c (x); nonsense" };
        let mut connection = Connection::open_in_memory().unwrap();
        let tables = |connection: &Connection| -> i64 {
            let sql = "SELECT count(*) FROM sqlite_schema WHERE length(name) = 1";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        migrate(&mut connection, &[first]).unwrap();
        let first = Migration { version: 1, name: "a", sql: "CREATE TABLE a (x)" };
        let all = [first, second, broken];
        migrate(&mut connection, &all[..2]).unwrap();
        assert_eq!(tables(&connection), 2);
        assert!(matches!(migrate(&mut connection, &all), Err(OpenError::Database(_))));
        assert_eq!((tables(&connection), applied(&connection).unwrap().len()), (2, 2));
        assert!(matches!(
            migrate(&mut connection, &all[..1]),
            Err(OpenError::Newer { found: 2, known: 1 })
        ));
    }

    /// The shipped migrations are numbered from 1 without gaps.
    #[test]
    fn versions_have_no_gaps() {
        for migrations in [SQLITE, POSTGRES] {
            let mut numbered = migrations.iter().zip(1..);
            assert!(numbered.all(|(migration, number)| migration.version == number));
        }
    }
}
