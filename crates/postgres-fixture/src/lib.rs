//! Real PostgreSQL servers for tests and benches.
//!
//! A [`Server`] has a folder of its own under the system's temporary folder and a port of its own
//! on 127.0.0.1, so that any number of them run beside each other and beside one that is
//! installed. It can be killed, paused, restarted, copied to a standby and promoted, which is what
//! a store has to survive. Nothing of it outlives the test program, however that ends: see
//! `watcher.rs`.
//!
//! Every function blocks; in an async test, call it before the first `await` or on a blocking
//! thread.

mod account;
mod error;
mod postmaster;
mod programs;
mod server;
mod settings;
mod sql;
mod standby;
mod tls;
mod wait;
mod watcher;

use std::sync::OnceLock;

pub use error::FixtureError;
pub use server::Server;
pub use settings::Options;

/// One server for all tests of a test program, started by the first that asks.
///
/// Tests keep apart by [`Server::create_database`].
///
/// # Errors
///
/// Why there is no server, the same to everybody who asks. A test that reads
/// [`FixtureError::Missing`] here prints it and passes.
pub fn shared() -> Result<&'static Server, String> {
    static SHARED: OnceLock<Result<Server, String>> = OnceLock::new();
    let start = || Server::start(Options::default()).map_err(|error| error.to_string());
    SHARED.get_or_init(start).as_ref().map_err(Clone::clone)
}
