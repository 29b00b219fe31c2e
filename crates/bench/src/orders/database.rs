//! Where a subject of a bench keeps its facts.

use super::OrdersError;
use super::options::Engine;

/// A database; a server of its own ends when this is dropped.
pub(crate) enum Database {
    /// A file in the data folder.
    File,
    /// A PostgreSQL server started for this bench.
    Postgres(Box<postgres_fixture::Server>),
}

impl Database {
    /// A fresh database.
    pub(crate) fn start(engine: Engine) -> Result<Database, OrdersError> {
        match engine {
            Engine::Sqlite => Ok(Database::File),
            Engine::Postgres => {
                let server = postgres_fixture::Server::start(postgres_fixture::Options::default());
                let server = server.map_err(|error| {
                    OrdersError::Preparation(format!("PostgreSQL did not start: {error}"))
                })?;
                Ok(Database::Postgres(Box::new(server)))
            }
        }
    }

    /// What every command of the product is told about it.
    pub(crate) fn arguments(&self) -> Vec<String> {
        match self {
            Database::File => Vec::new(),
            Database::Postgres(server) => vec!["--database".to_owned(), server.url()],
        }
    }
}
