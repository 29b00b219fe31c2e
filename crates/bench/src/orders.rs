//! The orders bench: paid ticket orders a second, through the whole program and beside its floor.
//!
//! All subjects run at once against one sandbox gateway and take turns under the same load, so
//! that a change of the machine's mood meets all. The floor program (`bin/floor.rs`) keeps the
//! same HTTP stack, gateway call, rows and batches and drops everything else; what the product
//! reaches of it is what its rules, contracts and formats leave over.

pub(crate) mod catalogue;
pub(crate) mod clerk;
mod contest;
pub(crate) mod database;
pub(crate) mod figures;
mod growth;
mod judge;
mod options;
mod overload;
mod report;
pub(crate) mod request;
mod scenario;
pub(crate) mod seller;
mod signature;
pub(crate) mod stage;
pub(crate) mod subject;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use thiserror::Error;

pub use self::options::{Engine, Options};
pub use self::scenario::Scenario;
use crate::load::LoadError;
use crate::machine::Machine;
use crate::program::ProgramError;

/// Why there are no figures.
#[derive(Debug, Error)]
pub enum OrdersError {
    /// A file or folder could not be used.
    #[error("{doing}: {error}")]
    File {
        /// What was being done.
        doing: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A program did not start or end as it should.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// `guichet catalogue import` or `guichet key create` failed or answered unexpectedly.
    #[error("{0}")]
    Preparation(String),
    /// The load could not be sent.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Orders were not sold as planned, so the figures would mean nothing.
    #[error("{0}")]
    Unsound(String),
}

/// Carries out the whole bench and returns what is to be printed: a table, or JSON.
///
/// Everything it starts has ended and everything it wrote is gone when it returns, also when it
/// fails or `stop` becomes true.
///
/// # Errors
/// See [`OrdersError`].
pub fn run(options: &Options, stop: &Arc<AtomicBool>) -> Result<String, OrdersError> {
    let workshop = stage::Workshop::open(options.folder.as_deref())?;
    let machine = Machine::inspect(workshop.folder())
        .map_err(|error| OrdersError::File { doing: "measuring the disk".to_owned(), error })?;
    let mut report = report::Report::new(machine, signature::microseconds()?);
    contest::run_all(options, &workshop, stop, &mut report)?;
    growth::run(options, &workshop, stop, &mut report)?;
    Ok(if options.json { report.json() } else { report.table() })
}
