//! Looking for a lost database, or for the one that took over.

use std::time::Duration;

use tokio::time::Instant;

use super::connection::Connection;
use super::session::Role;
use super::settings::Settings;
use crate::engine::EngineError;
use crate::error::OpenError;

/// The pause after the first try; it doubles from try to try ...
const PAUSE_FIRST: Duration = Duration::from_millis(50);

/// ... up to this.
const PAUSE_LAST: Duration = Duration::from_secs(1);

/// Connects to the host that accepts writes; tries all of them again and again until the time
/// is over. A server that was not set up as durability needs ends it at once.
pub(super) fn open(settings: &Settings, role: Role) -> Result<Connection, EngineError> {
    let began = Instant::now();
    let mut pause = PAUSE_FIRST;
    loop {
        let error = match Connection::open(settings, role) {
            Ok(connection) => return Ok(connection),
            Err(error) => error,
        };
        if !matches!(error, OpenError::Database(_)) {
            return Err(EngineError::Failed(error.to_string()));
        }
        if began.elapsed() + pause >= settings.reconnect_within {
            return Err(EngineError::Lost(error.to_string()));
        }
        tracing::info!(%error, "the database is looked for");
        std::thread::sleep(pause);
        pause = (pause * 2).min(PAUSE_LAST);
    }
}
