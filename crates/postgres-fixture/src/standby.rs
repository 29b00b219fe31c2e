//! A second server that follows the first, and takes over.

use std::time::Duration;

use crate::settings::{Options, quoted};
use crate::{FixtureError, Server, wait};

/// The name under which a standby is known to its primary.
const NAME: &str = "standby1";
const STREAMING_LIMIT: Duration = Duration::from_secs(60);

impl Server {
    /// Copies this server and lets the copy follow it. It answers questions when this returns.
    ///
    /// With [`Options::synchronous_standby`] every commit here waits for the copy from now on, and
    /// waits for good while there is none.
    ///
    /// # Errors
    ///
    /// Whatever kept the copy from being made, started or connected.
    pub fn standby(&self) -> Result<Server, FixtureError> {
        let options = Options { synchronous_standby: false, ..self.options().clone() };
        let mut standby = Server::prepared(options)?;
        let mut copy = standby.programs().command("pg_basebackup");
        copy.args(["--checkpoint", "fast", "--no-sync", "--username", "guichet"]);
        copy.args(["--host", "127.0.0.1", "--port", &self.port().to_string(), "--pgdata"]);
        standby.finish("pg_basebackup", copy.arg(standby.path("data")))?;
        standby.add("data/postgresql.auto.conf", &following(self.port()))?;
        standby.write("data/standby.signal", "")?;
        standby.launch_somewhere()?;
        self.await_streaming()?;
        if self.options().synchronous_standby {
            self.manage(&format!("ALTER SYSTEM SET synchronous_standby_names = '{NAME}'"))?;
            self.manage("SELECT pg_reload_conf()")?;
            self.await_row(
                "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'",
                "the standby was synchronous",
            )?;
        }
        Ok(standby)
    }

    fn await_streaming(&self) -> Result<(), FixtureError> {
        self.await_row(
            "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'",
            "the standby was streaming",
        )
    }

    fn await_row(&self, question: &str, awaited: &'static str) -> Result<(), FixtureError> {
        let found = || self.manage(question).ok().flatten();
        wait::until(STREAMING_LIMIT, found).ok_or(FixtureError::Late { awaited })?;
        Ok(())
    }

    /// Makes a standby a primary. It accepts writes when this returns.
    ///
    /// # Errors
    ///
    /// [`FixtureError::Statement`] if it is no standby or does not answer,
    /// [`FixtureError::Late`] if it stays one.
    pub fn promote(&self) -> Result<(), FixtureError> {
        self.manage("SELECT pg_promote(true, 50)")?;
        self.await_row("SELECT 1 WHERE NOT pg_is_in_recovery()", "the standby had become a primary")
    }
}

/// Settings of the copy, over those it was copied with; it waits for no standby of its own.
fn following(port: u16) -> String {
    let primary = format!("host=127.0.0.1 port={port} user=guichet application_name={NAME}");
    format!("primary_conninfo = {}\nsynchronous_standby_names = ''\n", quoted(&primary))
}
