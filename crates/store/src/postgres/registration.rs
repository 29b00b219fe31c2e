//! Entering a node into the register when it starts.

use std::time::Duration;

use tokio::time::Instant;

use super::call::{Call, Param};
use super::cluster::{FORM_LOCK, alive_within_us, form, nothing};
use super::connection::Connection;
use super::keys;
use super::load::{column, number};
use super::settings::Settings;
use crate::engine::EngineError;
use crate::error::OpenError;

/// When a node of that name was last heard of, and how long ago that is, in microseconds; `NULL`
/// when it left in order.
const NAMED: &str = "SELECT (extract(epoch FROM heard_at) * 1000000)::bigint,
         (extract(epoch FROM clock_timestamp() - heard_at) * 1000000)::bigint
     FROM node WHERE name = $1";

/// The same, once nobody can be heard any more until the transaction ends.
const NAMED_LOCK: &str = "SELECT (extract(epoch FROM heard_at) * 1000000)::bigint,
         (extract(epoch FROM clock_timestamp() - heard_at) * 1000000)::bigint
     FROM node WHERE name = $1 FOR UPDATE";

/// An incarnation is at least the number of seconds since 2020: a database that was put back to
/// an earlier moment, or a standby that had not heard of the last start, must not give the number
/// of a process that may still be running. The numbers of batches begin with it, and have room
/// for it until 2088.
const REGISTER: &str = "INSERT INTO node
         (number, name, incarnation, program_version, body_version, heard_at)
     SELECT coalesce(max(node.number), 0) + 1, $1,
         floor(extract(epoch FROM clock_timestamp() - '2020-01-01 00:00:00+00'::timestamptz)),
         $2, $3, clock_timestamp()
     FROM node
     ON CONFLICT (name) DO UPDATE SET
         incarnation = greatest(node.incarnation + 1, excluded.incarnation),
         program_version = excluded.program_version, body_version = excluded.body_version,
         heard_at = excluded.heard_at
     RETURNING number, incarnation";

/// A node of the same name that was heard of lately is watched for this long: a living one is
/// heard of every second, and one that was killed leaves its name to the next.
const WATCHED_FOR: Duration = Duration::from_secs(3);

/// The pause between two looks at it.
const PAUSE: Duration = Duration::from_millis(250);

/// What a node is given when it starts.
#[derive(Clone, Copy)]
pub(super) struct Registered {
    /// Its number, the same for ever.
    pub(super) number: u32,
    /// Tells this start from every other under its name, and is greater than those before.
    pub(super) incarnation: u32,
}

impl Registered {
    pub(super) fn params(self) -> Vec<Param> {
        vec![Box::new(i64::from(self.number)), Box::new(i64::from(self.incarnation))]
    }
}

/// Enters a node; its codec writes the form in force from now on. Watches a name that may be in
/// use for a few seconds.
///
/// # Errors
/// [`OpenError::NameInUse`], [`OpenError::KeysDiffer`], [`OpenError::NewerBodies`],
/// [`OpenError::Database`].
pub(super) fn register(
    connection: &mut Connection,
    settings: &Settings,
) -> Result<Registered, OpenError> {
    let silent_since = watch(connection, settings)?;
    connection.simple("BEGIN")?;
    match enter(connection, settings, silent_since) {
        Ok(registered) => {
            connection.commit()?;
            Ok(registered)
        }
        Err(error) => {
            connection.simple("ROLLBACK")?;
            Err(error)
        }
    }
}

fn enter(
    connection: &mut Connection,
    settings: &Settings,
    silent_since: Option<i64>,
) -> Result<Registered, OpenError> {
    let (found, known) = (form(connection, FORM_LOCK)?, settings.codec.newest());
    if found > known {
        return Err(OpenError::NewerBodies { found, known });
    }
    let heard = heard(connection, NAMED_LOCK, settings)?.map(|heard| heard.at_us);
    if heard.is_some() && heard != silent_since {
        return Err(OpenError::NameInUse(settings.node_name.clone()));
    }
    keys::agree(connection, settings)?;
    let params: Vec<Param> = vec![
        Box::new(settings.node_name.clone()),
        Box::new(settings.program_version.clone()),
        Box::new(i64::from(known)),
    ];
    let rows = connection.ask(Call::new(REGISTER, params))?;
    let row = rows.first().ok_or_else(|| nothing("node"))?;
    settings.codec.write_as(found);
    Ok(Registered { number: number(row, 0)?, incarnation: number(row, 1)? })
}

/// When a node was last heard of, in microseconds of the database's clock.
struct Heard {
    at_us: i64,
    before_us: i64,
}

/// `None` when there is no node of our name, or it left in order.
fn heard(
    connection: &mut Connection,
    sql: &'static str,
    settings: &Settings,
) -> Result<Option<Heard>, EngineError> {
    let rows = connection.ask(Call::new(sql, vec![Box::new(settings.node_name.clone())]))?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (at_us, before_us): (Option<i64>, Option<i64>) = (column(row, 0)?, column(row, 1)?);
    Ok(at_us.zip(before_us).map(|(at_us, before_us)| Heard { at_us, before_us }))
}

/// Looks whether another process lives under our name; tells since when it is silent. Outside
/// the transaction, whose lock would silence it. Should a silent one wake up after all, it is
/// fenced off: by its incarnation when it says that it lives, by the lane's row when it writes.
fn watch(connection: &mut Connection, settings: &Settings) -> Result<Option<i64>, OpenError> {
    let Some(first) = heard(connection, NAMED, settings)? else { return Ok(None) };
    if first.before_us < alive_within_us(settings) {
        tracing::info!(name = settings.node_name, "watching whether a node of this name lives");
    }
    let (began, watched_for) = (Instant::now(), WATCHED_FOR.min(settings.alive_within));
    let mut last = first;
    while last.before_us < alive_within_us(settings) && began.elapsed() < watched_for {
        std::thread::sleep(PAUSE);
        let Some(now) = heard(connection, NAMED, settings)? else { return Ok(None) };
        if now.at_us != last.at_us {
            return Err(OpenError::NameInUse(settings.node_name.clone()));
        }
        last = now;
    }
    Ok(Some(last.at_us))
}
