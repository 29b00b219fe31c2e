//! What the person at the keyboard may choose.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use super::scenario::Scenario;

/// Where the product keeps its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// A file, every commit synced.
    Sqlite,
    /// A server started for this run, on this machine.
    Postgres,
}

/// Orders a second: paid tickets on SQLite beside the floor program, contracts and payments of
/// agents' orders beside tickets.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask bench orders")]
pub struct Options {
    /// Which orders are sent.
    #[arg(long, value_enum, default_value_t = Scenario::Paid)]
    pub scenario: Scenario,
    /// Where they are stored.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    pub engine: Engine,
    /// Servers over one database; more than one need PostgreSQL. With several sellers each node
    /// gets the orders of its own, else all get those of the one event.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=8))]
    pub nodes: u32,
    /// Sellers, each with an event of its own.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub sellers: u32,
    /// Beside it the same rules with one transaction a request; needs PostgreSQL.
    #[arg(long)]
    pub one_by_one: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Seconds measured of each run; half a second of load goes before.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// How often each run is made; the one with the median rate is shown.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub rounds: u32,
    /// Closed loops: connections that each send their next order when they have their answer.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    pub connections: Vec<usize>,
    /// Open loops: orders a second, sent whether or not the server keeps up; 0 leaves them out.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 4_000, 8_000])]
    pub rates: Vec<u32>,
    /// Three times what the best closed loop reached, as an open loop, and what comes after.
    #[arg(long)]
    pub overload: bool,
    /// Added to every sync of the disk in runs of their own; 0 leaves those runs out.
    #[arg(long, default_value_t = 1)]
    pub sync_delay_ms: u32,
    /// Orders after which memory and disk are looked at, on a fresh program; 0 leaves it out.
    #[arg(long, value_delimiter = ',', default_values_t = [100_000])]
    pub rss_orders: Vec<u64>,
    /// One short round of two closed loops, to see whether anything works.
    #[arg(long)]
    pub quick: bool,
    /// The folder for the databases, on the disk to be measured; else the system's own.
    #[arg(long)]
    pub folder: Option<PathBuf>,
}

impl Options {
    /// One node and one seller, and nothing else that a bench would have to choose.
    #[must_use]
    pub fn plain(engine: Engine, scenario: Scenario) -> Options {
        let options = Options::parse_from(["orders"]);
        Options { engine, scenario, ..options }
    }

    /// The options with `--quick` worked in, and without what the engine cannot do.
    ///
    /// # Errors
    /// Options that contradict each other, in a sentence.
    pub fn effective(mut self) -> Result<Options, String> {
        let several = self.nodes > 1 || self.one_by_one;
        if self.engine == Engine::Sqlite && several {
            return Err("--nodes and --one-by-one need --engine postgres".to_owned());
        }
        if self.overload && self.scenario == Scenario::Agent {
            return Err("--overload needs requests that use nothing up: not agent".to_owned());
        }
        if self.quick {
            self.seconds = 1;
            self.rounds = 1;
            self.connections = vec![16, 64];
            self.rates = Vec::new();
            self.sync_delay_ms = 0;
            self.rss_orders = Vec::new();
        }
        if self.engine == Engine::Postgres {
            // Both look at the file of SQLite.
            self.sync_delay_ms = 0;
            self.rss_orders = Vec::new();
        }
        self.rates.retain(|rate| *rate > 0);
        Ok(self)
    }

    /// Whether there is a floor program that does the same work without its rules.
    #[must_use]
    pub fn has_floor(&self) -> bool {
        self.scenario.has_floor() && self.engine == Engine::Sqlite
    }

    /// How long each run is measured.
    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds))
    }
}
