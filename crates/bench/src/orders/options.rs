//! What the person at the keyboard may choose.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// Paid ticket orders a second, beside the floor program.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask bench orders")]
pub struct Options {
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
    /// Open loops: orders a second, sent whether or not the server keeps up.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 4_000, 8_000])]
    pub rates: Vec<u32>,
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
    /// The options with `--quick` worked in.
    #[must_use]
    pub fn effective(mut self) -> Options {
        if self.quick {
            self.seconds = 1;
            self.rounds = 1;
            self.connections = vec![16, 64];
            self.rates = Vec::new();
            self.sync_delay_ms = 0;
            self.rss_orders = Vec::new();
        }
        self
    }

    /// How long each run is measured.
    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds))
    }
}
