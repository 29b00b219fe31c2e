//! The engine on PostgreSQL: several nodes over one database, each with lanes of its own.
//!
//! The shard row is lock and fence: a batch locks the rows of its sellers, loads, writes, raises
//! their sequences and commits. Nothing else is ever locked for long, and every statement names
//! one shard, so the tables may be spread over servers by it (`distribution.rs`).
//!
//! What a batch may rely on is verified on each connection: READ COMMITTED, in which a statement
//! sees what was committed when it began, and commits that wait for the disk and for the copy.

mod address;
mod call;
mod cluster;
mod connection;
mod distribution;
mod engine;
mod failure;
mod held;
mod integrity;
mod keys;
mod load;
mod migrate;
#[cfg(feature = "testing")]
mod planted;
mod read;
mod readers;
mod reconnect;
mod registration;
#[cfg(feature = "testing")]
mod seen;
mod session;
mod settings;
mod statements;
mod tls;
mod view;
mod write;

use std::sync::Arc;

use self::cluster::PostgresCluster;
use self::connection::Connection;
pub use self::distribution::{distribute, distribution};
pub use self::engine::PostgresEngine;
pub use self::keys::has_keys;
use self::readers::Readers;
#[cfg(feature = "testing")]
pub use self::seen::statements_seen;
use self::session::Role;
pub use self::settings::{
    LANES, LANES_MAX, NODE_ALIVE_WITHIN, READERS_MAX, RECONNECT_WITHIN, Settings,
};
use crate::error::OpenError;
use crate::options::Options;
use crate::store::{Backend, Store};

impl Store {
    /// Opens a database that other nodes may use at the same time, and enters this node there.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub fn postgres(settings: Settings, options: Options) -> Result<Store, OpenError> {
        apart(|| Store::start(connect(Arc::new(settings))?, options))
    }
}

/// Migrates a database, registers the node and connects its lanes. Blocks, for seconds if the
/// database is far; may be called from anywhere.
///
/// # Errors
/// [`OpenError`], which says what to do.
pub fn open(settings: Settings) -> Result<Backend<PostgresEngine>, OpenError> {
    apart(move || connect(Arc::new(settings)))
}

fn connect(settings: Arc<Settings>) -> Result<Backend<PostgresEngine>, OpenError> {
    if !(1..=LANES_MAX).contains(&settings.lanes) {
        return Err(OpenError::Setting(format!("{} lanes", settings.lanes)));
    }
    let mut keeper = Connection::open(&settings, Role::Keeper)?;
    migrate::migrate(&mut keeper)?;
    let registered = registration::register(&mut keeper, &settings)?;
    let lane = |_| {
        let connection = Connection::open(&settings, Role::Lane)?;
        Ok(PostgresEngine::new(connection, Arc::clone(&settings), registered.incarnation))
    };
    Ok(Backend {
        engines: (0..settings.lanes).map(lane).collect::<Result<_, OpenError>>()?,
        lane_first: registered.number * LANES_MAX,
        reader: Arc::new(Readers::new(Arc::clone(&settings))),
        readers_max: settings.readers_max as usize,
        cluster: Some(Arc::new(PostgresCluster::new(settings, registered, keeper))),
    })
}

/// Works on a thread of its own and waits for it: a connection brings a runtime, which cannot be
/// turned on a thread that already turns one.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let done = std::thread::scope(|scope| scope.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
