//! The figures as people and programs read them.

use std::fmt::Write;

use serde_json::{Value, json};

use super::figures::Figures;
use super::growth::Growth;
use crate::machine::Machine;

/// The same loads on both subjects.
#[derive(Debug, Default)]
pub(super) struct Series {
    pub(super) product: Vec<Figures>,
    pub(super) floor: Vec<Figures>,
}

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Report {
    machine: Machine,
    pub(super) closed: Series,
    pub(super) open: Series,
    pub(super) sync_delayed: Series,
    pub(super) growth: Vec<Growth>,
}

const HEAD: &str = "                    orders/s   p50 ms   p99 ms   max ms  server µs sandbox µs \
                    client µs  RSS MiB  failed";

impl Report {
    pub(super) fn new(machine: Machine) -> Report {
        Report {
            machine,
            closed: Series::default(),
            open: Series::default(),
            sync_delayed: Series::default(),
            growth: Vec::new(),
        }
    }

    /// One object; `product` and `floor` are the closed loops, line by line beside each other.
    pub(super) fn json(&self) -> String {
        let value = json!({
            "machine": self.machine_value(),
            "product": self.closed.product,
            "floor": self.closed.floor,
            "product_open": self.open.product,
            "floor_open": self.open.floor,
            "product_sync_delayed": self.sync_delayed.product,
            "floor_sync_delayed": self.sync_delayed.floor,
            "growth": self.growth,
        });
        format!("{value:#}")
    }

    fn machine_value(&self) -> Value {
        json!({
            "processor": self.machine.processor,
            "cores": self.machine.cores,
            "kernel": self.machine.kernel,
            "sync_latency_us": self.machine.sync_latency.as_micros(),
        })
    }

    /// A table for people.
    pub(super) fn table(&self) -> String {
        let machine = &self.machine;
        let mut text = format!(
            "{}, {} cores, Linux {}; fdatasync of 4 KiB: {} µs (median)\n",
            machine.processor,
            machine.cores,
            machine.kernel,
            machine.sync_latency.as_micros()
        );
        self.closed.write("closed loops", &mut text);
        self.open.write("open loops (latency from the intended moment)", &mut text);
        self.sync_delayed.write("closed loops, every sync delayed", &mut text);
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
    fn write(&self, title: &str, text: &mut String) {
        if self.product.is_empty() {
            return;
        }
        *text += &format!("\n{title}\n{HEAD}\n");
        for (product, floor) in self.product.iter().zip(&self.floor) {
            product.write("product", text);
            floor.write("floor", text);
            let share = product.orders_per_second / floor.orders_per_second.max(1.0);
            *text += &format!("{:>28.0} % of the floor\n", share * 100.0);
        }
    }
}

impl Figures {
    fn write(&self, name: &str, text: &mut String) {
        let load = match self.rate {
            Some(rate) => format!("{rate}/s"),
            None => format!("{} conn", self.connections),
        };
        let failed = self.refused + self.overloaded + self.broken + self.unanswered;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{name:8} {load:>9} {:>9.0} {:>8.2} {:>8.2} {:>8.1} {:>10.1} {:>10.1} {:>9.1} {:>8.0} \
             {failed:>7}",
            self.orders_per_second,
            self.p50_ms,
            self.p99_ms,
            self.max_ms,
            self.server_us,
            self.sandbox_us,
            self.client_us,
            self.resident_mib,
        );
    }
}
