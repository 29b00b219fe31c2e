//! What the person at the keyboard may choose.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

/// The smallest size, which the others are held against.
const ORDERS_MIN: u64 = 10_000;

/// What an order costs when many are stored already.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask bench growth")]
pub struct Options {
    /// The largest number of orders stored already; the sizes before it are 10 000 and each ten
    /// times the last. 10 000 000 need about 20 GB of disk and half an hour.
    #[arg(long, default_value_t = 1_000_000,
          value_parser = clap::value_parser!(u64).range(10_000..=100_000_000))]
    pub orders: u64,
    /// Seconds measured of each run; half a second of load goes before.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// How often each size is measured; the run with the middle rate is shown.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub rounds: u32,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// The folder for the databases, on the disk to be measured; else the system's own.
    #[arg(long)]
    pub folder: Option<PathBuf>,
}

impl Options {
    /// How long each run is measured.
    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds))
    }

    /// The sizes, smallest first; the last is the one that was asked for.
    #[must_use]
    pub fn sizes(&self) -> Vec<u64> {
        let tenfold = std::iter::successors(Some(ORDERS_MIN), |size| size.checked_mul(10));
        let mut sizes: Vec<u64> = tenfold.take_while(|size| *size < self.orders).collect();
        sizes.push(self.orders);
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_powers_of_ten_up_to_what_was_asked() {
        // Proves that the smallest size is always there and the largest is exact.
        let check = |orders: u64, expected: &[u64]| {
            let orders = orders.to_string();
            let options = Options::parse_from(["growth", "--orders", &orders]);
            assert_eq!(options.sizes(), expected);
        };
        check(10_000, &[10_000]);
        check(1_000_000, &[10_000, 100_000, 1_000_000]);
        check(50_000, &[10_000, 50_000]);
    }
}
