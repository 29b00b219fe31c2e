//! What can go wrong between a test and its server.

use std::io;

/// Why a server is not there or did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// There is no PostgreSQL on this machine. Tests that need it are skipped.
    #[error(
        "PostgreSQL was not found. `cargo xtask test` fetches it into the target folder on Debian \
         and Ubuntu; or install the package `postgresql`, or set GUICHET_POSTGRES_BIN to the \
         folder that holds `initdb`"
    )]
    Missing,
    /// The system refused a file, a process or a socket.
    #[error("cannot {action}: {source}")]
    System {
        /// What was tried.
        action: String,
        /// What the system said.
        source: io::Error,
    },
    /// `initdb` or `pg_basebackup` failed.
    #[error("{program} failed:\n{output}")]
    Program {
        /// Which program.
        program: &'static str,
        /// The last lines of what it printed.
        output: String,
    },
    /// The server did not start, or died.
    #[error("PostgreSQL does not accept connections; the end of its log:\n{log}")]
    Start {
        /// The last lines of its log.
        log: String,
    },
    /// A statement of the fixture itself failed.
    #[error("`{statement}` failed: {message}")]
    Statement {
        /// The statement.
        statement: String,
        /// What the server said.
        message: String,
    },
    /// Something awaited did not come in time.
    #[error("waited in vain until {awaited}")]
    Late {
        /// What should have become true.
        awaited: &'static str,
    },
    /// A database name with other characters than small letters, digits and `_`.
    #[error("`{0}` is no name for a test's database; use small letters, digits and `_`")]
    Name(String),
    /// No certificate could be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
}

impl FixtureError {
    /// Says what was tried when the system refused.
    pub(crate) fn system(action: impl Into<String>) -> impl FnOnce(io::Error) -> FixtureError {
        let action = action.into();
        move |source| FixtureError::System { action, source }
    }
}
