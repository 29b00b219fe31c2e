//! The figures as people and programs read them.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use super::figures::Figures;
use super::growth::Growth;
use super::overload::Overload;
use crate::machine::Machine;

/// The same loads on all subjects.
#[derive(Debug, Default)]
pub(super) struct Series {
    /// For each load each subject's name and figures, the product first.
    pub(super) rows: Vec<Vec<(&'static str, Figures)>>,
}

/// How soon a product is ready on a database with orders.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Restart {
    pub(super) orders: u64,
    /// From the start of the process to its first healthy answer.
    pub(super) ready_ms: f64,
}

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Report {
    machine: Machine,
    signature_us: f64,
    pub(super) closed: Series,
    pub(super) open: Series,
    pub(super) sync_delayed: Series,
    pub(super) overload: Option<Overload>,
    pub(super) restart: Option<Restart>,
    pub(super) growth: Vec<Growth>,
}

const HEAD: &str = "                      orders/s   p50 ms   p99 ms   max ms  server µs \
                    sandbox µs client µs  RSS MiB commits/order commands/commit    sold  failed";

impl Report {
    pub(super) fn new(machine: Machine, signature_us: f64) -> Report {
        Report {
            machine,
            signature_us,
            closed: Series::default(),
            open: Series::default(),
            sync_delayed: Series::default(),
            overload: None,
            restart: None,
            growth: Vec::new(),
        }
    }

    /// One object; each series is a list of loads, each with the figures of every subject by name.
    pub(super) fn json(&self) -> String {
        let value = json!({
            "machine": self.machine.json(),
            "signature_us": self.signature_us,
            "closed": self.closed.json(),
            "open": self.open.json(),
            "sync_delayed": self.sync_delayed.json(),
            "overload": self.overload,
            "restart": self.restart,
            "growth": self.growth,
        });
        format!("{value:#}")
    }

    /// A table for people.
    pub(super) fn table(&self) -> String {
        let mut text = self.machine.sentence();
        text += &format!("\nsigning one order: {:.1} µs\n", self.signature_us);
        self.closed.write("closed loops", &mut text);
        self.open.write("open loops (latency from the intended moment)", &mut text);
        self.sync_delayed.write("closed loops, every sync delayed", &mut text);
        if let Some(overload) = &self.overload {
            text += &overload.sentences();
        }
        if let Some(Restart { orders, ready_ms }) = self.restart {
            text += &format!("\nstarted again after {orders} orders: ready in {ready_ms:.0} ms\n");
        }
        for growth in &self.growth {
            text += &format!(
                "\nafter {} orders: {:.0} MiB resident, {:.0} bytes stored an order, {:.0}/s",
                growth.orders,
                growth.resident_mib,
                growth.stored_bytes_per_order,
                growth.orders_per_second,
            );
        }
        text
    }
}

impl Series {
    fn json(&self) -> Value {
        let row = |row: &Vec<(&'static str, Figures)>| -> Value {
            row.iter().map(|(name, figures)| ((*name).to_owned(), json!(figures))).collect()
        };
        self.rows.iter().map(row).collect()
    }

    fn write(&self, title: &str, text: &mut String) {
        if self.rows.is_empty() {
            return;
        }
        *text += &format!("\n{title}\n{HEAD}\n");
        for row in &self.rows {
            for (name, figures) in row {
                figures.write(name, text);
            }
            let Some(((_, product), others)) = row.split_first() else { continue };
            for (name, other) in others {
                let share = product.orders_per_second / other.orders_per_second.max(1.0);
                *text += &format!("{:>30.0} % of the {name}\n", share * 100.0);
            }
        }
    }
}

impl Figures {
    fn write(&self, name: &str, text: &mut String) {
        let load = match self.rate {
            Some(rate) => format!("{rate}/s"),
            None => format!("{} conn", self.connections),
        };
        let count = |count: Option<f64>, digits: usize| match count {
            Some(count) => format!("{count:.digits$}"),
            None => "-".to_owned(),
        };
        let failed = self.overloaded + self.broken + self.unanswered;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{name:10} {load:>9} {:>9.0} {:>8.2} {:>8.2} {:>8.1} {:>10.1} {:>10.1} {:>9.1} {:>8.0} \
             {:>13} {:>15} {:>7} {failed:>7}",
            self.orders_per_second,
            self.p50_ms,
            self.p99_ms,
            self.max_ms,
            self.server_us,
            self.sandbox_us,
            self.client_us,
            self.resident_mib,
            count(self.commits_per_order, 3),
            count(self.commands_per_commit, 0),
            self.sold,
        );
    }
}
