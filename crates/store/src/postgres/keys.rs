//! The nodes' keys, of which the database knows only how to tell them from others.
//!
//! A node with keys of its own would print tickets that no gate lets in, and would take an order
//! that another node has charged for a new one. So the first node's keys hold for all, for good.

use super::call::{Call, Param};
use super::connection::Connection;
use super::load::column;
use super::migrate;
use super::session::Role;
use super::settings::Settings;
use crate::engine::EngineError;
use crate::error::OpenError;

const AGREED: &str = "SELECT text FROM setting WHERE name = 'keys_identity'";

const AGREE: &str = "INSERT INTO setting (name, text) VALUES ('keys_identity', $1)";

const SOLD: &str = "SELECT EXISTS (SELECT FROM sale)";

/// Whether the nodes of this database have keys already: then another must be given the same, and
/// make none. Migrates the database, but enters nobody.
///
/// # Errors
/// [`OpenError`], which says what to do.
pub fn has_keys(settings: &Settings) -> Result<bool, OpenError> {
    super::apart(|| {
        let mut connection = Connection::open(settings, Role::Keeper)?;
        migrate::migrate(&mut connection)?;
        Ok(agreed(&mut connection)?.is_some() || has_sold(&mut connection)?)
    })
}

/// Compares a node's keys with those of the first, or makes them the first. The caller holds the
/// lock under which nodes are entered.
///
/// # Errors
/// [`OpenError::KeysDiffer`], [`OpenError::Database`].
pub(super) fn agree(connection: &mut Connection, settings: &Settings) -> Result<(), OpenError> {
    let Some(ours) = &settings.keys_identity else { return Ok(()) };
    match agreed(connection)? {
        Some(agreed) if agreed != *ours => Err(OpenError::KeysDiffer),
        Some(_) => Ok(()),
        None => {
            let ours: Param = Box::new(ours.clone());
            connection.ask(Call::new(AGREE, vec![ours]))?;
            Ok(())
        }
    }
}

fn agreed(connection: &mut Connection) -> Result<Option<String>, EngineError> {
    let rows = connection.ask(Call::new(AGREED, Vec::new()))?;
    rows.first().map(|row| column(row, 0)).transpose()
}

fn has_sold(connection: &mut Connection) -> Result<bool, EngineError> {
    let rows = connection.ask(Call::new(SOLD, Vec::new()))?;
    rows.first().map_or(Ok(false), |row| column(row, 0))
}
