//! The figures of each size, and the sizes beside each other.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::machine::Machine;
use crate::orders::figures::Figures;

/// What was found with so many orders stored.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Size {
    orders: u64,
    bytes_per_order: f64,
    runs: Vec<Figures>,
    ready_ms: Vec<f64>,
    resident_peak_mib: f64,
}

impl Size {
    pub(super) fn new(orders: u64, bytes: u64) -> Size {
        let bytes_per_order = bytes as f64 / orders.max(1) as f64;
        let (runs, ready_ms) = (Vec::new(), Vec::new());
        Size { orders, bytes_per_order, runs, ready_ms, resident_peak_mib: 0.0 }
    }

    /// Adds one run of the product.
    pub(super) fn add(&mut self, ready: Duration, figures: Figures, resident_peak: u64) {
        self.ready_ms.push(ready.as_secs_f64() * 1e3);
        self.runs.push(figures);
        let peak_mib = resident_peak as f64 / f64::from(1 << 20);
        self.resident_peak_mib = self.resident_peak_mib.max(peak_mib);
    }

    fn rate(&self) -> f64 {
        middle(self.runs.iter().map(|run| run.orders_per_second))
    }

    fn server_us(&self) -> f64 {
        middle(self.runs.iter().map(|run| run.server_us))
    }

    fn p99_ms(&self) -> f64 {
        middle(self.runs.iter().map(|run| run.p99_ms))
    }

    fn ready_ms(&self) -> f64 {
        middle(self.ready_ms.iter().copied())
    }
}

/// The middle value; for an even number the lower one, and 0 of none.
fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Everything that was measured.
pub(super) struct Report {
    pub(super) machine: Machine,
    pub(super) sizes: Vec<Size>,
}

const HEAD: &str = "    stored   orders/s   p99 ms  server µs  of the first  bytes/order  \
                    ready ms  RSS MiB at most";

impl Report {
    /// The sizes with all their runs.
    pub(super) fn json(&self) -> String {
        let value = json!({ "machine": self.machine.json(), "sizes": self.sizes });
        format!("{value:#}")
    }

    /// A table for people: the middle of each size's runs.
    pub(super) fn table(&self) -> String {
        let first_us = self.sizes.first().map_or(0.0, Size::server_us).max(1.0);
        let mut text = format!("{}\n{HEAD}\n", self.machine.sentence());
        for size in &self.sizes {
            text += &format!(
                "{:>10} {:>10.0} {:>8.1} {:>10.1} {:>11.0} % {:>12.0} {:>9.0} {:>16.0}\n",
                size.orders,
                size.rate(),
                size.p99_ms(),
                size.server_us(),
                100.0 * size.server_us() / first_us,
                size.bytes_per_order,
                size.ready_ms(),
                size.resident_peak_mib,
            );
        }
        text
    }
}
