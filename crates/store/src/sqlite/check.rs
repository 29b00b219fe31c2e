//! A look at a database that sells meanwhile.
//!
//! One read transaction of a connection of its own sees one moment, so nothing that is sold while
//! the check lasts can look like a contradiction. The log is not folded in meanwhile.

use std::sync::Arc;

use super::connection::Settings;
use super::location;
use super::readers::Readers;
use crate::error::{Fault, OpenError};
use crate::migrate;
use crate::queries::check::{self, CheckReport};
use crate::snapshot::{Reader as _, Snapshot};
use crate::transfer;

/// Why a database could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It cannot be opened, or is not of this program's schema.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be read.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Checks whether everything stored holds together, as [`crate::Store::check`] does, without the
/// lock and without writing, so that another process may sell from the database.
///
/// # Errors
/// [`CheckError`]; what is wrong in the database is a finding.
pub fn check_beside(settings: &Settings) -> Result<CheckReport, CheckError> {
    read_beside(settings, check::check)
}

/// Asks a question of one moment, once, as [`check_beside`] does.
///
/// # Errors
/// [`CheckError`], and what the question fails with.
pub fn read_beside<T>(
    settings: &Settings,
    question: impl FnOnce(&dyn Snapshot) -> Result<T, Fault>,
) -> Result<T, CheckError> {
    location::refuse_network(settings.path())?;
    let connection = settings.open_beside()?;
    migrate::refuse_others(&connection, migrate::SQLITE)?;
    drop(connection);
    let readers = Readers::new(Arc::new(settings.clone()));
    let mut answer = Err(Fault::Stopped.into());
    let mut question = Some(question);
    readers.read(&mut |view| {
        if let Some(question) = question.take() {
            answer = look(view, question);
        }
    })?;
    answer
}

fn look<T>(
    view: &dyn Snapshot,
    question: impl FnOnce(&dyn Snapshot) -> Result<T, Fault>,
) -> Result<T, CheckError> {
    if transfer::is_unfinished(view)? {
        return Err(OpenError::Unfinished.into());
    }
    Ok(question(view)?)
}
