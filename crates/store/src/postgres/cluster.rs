//! The register of nodes: names, heartbeats, and the form of bodies that all can read.
//!
//! The form in force is a stored number that is only ever raised. A node that registers and a
//! node that raises both hold its row's lock, so no program can slip in that cannot read what is
//! about to be written.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::time::Instant;
use tokio_postgres::Row;

use super::call::{Call, Expected, Param};
use super::connection::Connection;
use super::load::{column, number};
use super::registration::Registered;
use super::session::Role;
use super::settings::Settings;
use crate::clock::{Clock as _, SystemClock};
use crate::cluster::{Beat, Cluster, Node};
use crate::engine::EngineError;
use crate::error::Fault;

pub(super) const FORM_LOCK: &str =
    "SELECT value FROM setting WHERE name = 'body_version' FOR UPDATE";

const FORM: &str = "SELECT value FROM setting WHERE name = 'body_version'";

const FORM_RAISE: &str = "UPDATE setting SET value = $1 WHERE name = 'body_version' AND value < $1";

const HEARD: &str = "UPDATE node SET heard_at = clock_timestamp()
     WHERE number = $1 AND incarnation = $2
     RETURNING (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

const LIVING: &str = "SELECT number, name, program_version, body_version, before_us
     FROM node CROSS JOIN LATERAL (
         SELECT (extract(epoch FROM clock_timestamp() - heard_at) * 1000000)::bigint AS before_us
     ) AS heard
     WHERE before_us <= $1 ORDER BY number";

const LEAVE: &str = "UPDATE node SET heard_at = NULL WHERE number = $1 AND incarnation = $2";

pub(super) fn alive_within_us(settings: &Settings) -> i64 {
    i64::try_from(settings.alive_within.as_micros()).unwrap_or(i64::MAX)
}

pub(super) fn form(connection: &mut Connection, sql: &'static str) -> Result<u32, EngineError> {
    let rows = connection.ask(Call::new(sql, Vec::new()))?;
    number(rows.first().ok_or_else(|| nothing("setting"))?, 0)
}

pub(super) fn nothing(table: &str) -> EngineError {
    EngineError::Failed(format!("the table {table} lacks a row; check the database"))
}

/// This node's entry in the register.
pub(super) struct PostgresCluster {
    settings: Arc<Settings>,
    registered: Registered,
    /// `None` until it is needed, and after it was lost.
    connection: Mutex<Option<Connection>>,
}

impl PostgresCluster {
    pub(super) fn new(
        settings: Arc<Settings>,
        registered: Registered,
        connection: Connection,
    ) -> PostgresCluster {
        PostgresCluster { settings, registered, connection: Mutex::new(Some(connection)) }
    }

    /// The connection, unless somebody still waits for an answer on it. A frozen database lets
    /// go late; whoever asks every second does not wait, or ever more threads would.
    fn at_once(&self) -> Result<MutexGuard<'_, Option<Connection>>, Fault> {
        match self.connection.try_lock() {
            Ok(slot) => Ok(slot),
            Err(TryLockError::Poisoned(slot)) => Ok(slot.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Fault::Database(
                "the last question to the database is still unanswered".to_owned(),
            )),
        }
    }

    /// Lets the connection work, opening it if it was lost; gives it up on any error.
    fn with<T>(
        &self,
        slot: &mut Option<Connection>,
        work: impl FnOnce(&mut Connection) -> Result<T, EngineError>,
    ) -> Result<T, Fault> {
        let mut connection = match slot.take() {
            Some(connection) => connection,
            None => Connection::open(&self.settings, Role::Keeper)
                .map_err(|error| Fault::Database(error.to_string()))?,
        };
        let result = work(&mut connection)?;
        *slot = Some(connection);
        Ok(result)
    }

    fn hear(&self, connection: &mut Connection) -> Result<Beat, EngineError> {
        let gone = "another process has started under this node's name; end one of the two";
        let heard = Call::new(HEARD, self.registered.params())
            .expecting(Expected::Rows(1, EngineError::Failed(gone.to_owned())));
        let sent = Instant::now();
        let rows = connection.ask(heard)?;
        let way_us = i64::try_from(sent.elapsed().as_micros() / 2).unwrap_or(0);
        let here_us = SystemClock.now().0;
        let there_us: i64 = column(rows.first().ok_or_else(|| nothing("node"))?, 0)?;
        let alive_us: Param = Box::new(alive_within_us(&self.settings));
        let rows = connection.ask(Call::new(LIVING, vec![alive_us]))?;
        let nodes: Vec<Node> = rows.iter().map(node).collect::<Result<_, _>>()?;
        Ok(Beat {
            clock_ahead_us: here_us - way_us - there_us,
            leads: nodes.first().is_some_and(|first| first.number == self.registered.number),
            body_version: form(connection, FORM)?,
            nodes,
        })
    }

    /// Raises the form in force to what every living node can read. Those are counted anew under
    /// the lock, by a statement of its own: one that waits for the lock would see the past.
    fn raise(&self, connection: &mut Connection) -> Result<u32, EngineError> {
        connection.simple("BEGIN")?;
        let before = form(connection, FORM_LOCK)?;
        let alive_us: Param = Box::new(alive_within_us(&self.settings));
        let rows = connection.ask(Call::new(LIVING, vec![alive_us]))?;
        let nodes: Vec<Node> = rows.iter().map(node).collect::<Result<_, _>>()?;
        let readable = readable_by_all(&nodes);
        let new: Param = Box::new(i64::from(readable));
        connection.ask(Call::new(FORM_RAISE, vec![new]))?;
        connection.commit()?;
        Ok(before.max(readable))
    }
}

fn readable_by_all(nodes: &[Node]) -> u32 {
    nodes.iter().map(|node| node.body_version).min().unwrap_or(0)
}

fn node(row: &Row) -> Result<Node, EngineError> {
    Ok(Node {
        number: number(row, 0)?,
        name: column(row, 1)?,
        program_version: column(row, 2)?,
        body_version: number(row, 3)?,
        heard_before_us: column(row, 4)?,
    })
}

impl Cluster for PostgresCluster {
    fn node(&self) -> u32 {
        self.registered.number
    }

    fn beat(&self) -> Result<Beat, Fault> {
        let mut slot = self.at_once()?;
        let mut beat = self.with(&mut slot, |connection| self.hear(connection))?;
        if beat.body_version < readable_by_all(&beat.nodes) {
            beat.body_version = self.with(&mut slot, |connection| self.raise(connection))?;
            tracing::info!(version = beat.body_version, "bodies are written in a newer form");
        }
        let known = self.settings.codec.newest();
        if beat.body_version > known {
            return Err(Fault::Database(format!(
                "while this node was silent, the others went on to rows of form {}; this program \
                 reads up to {known}, run the newer one",
                beat.body_version
            )));
        }
        self.settings.codec.write_as(beat.body_version);
        Ok(beat)
    }

    fn leave(&self) -> Result<(), Fault> {
        let mut slot = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let leave = Call::new(LEAVE, self.registered.params());
        self.with(&mut slot, |connection| connection.ask(leave))?;
        Ok(())
    }
}
