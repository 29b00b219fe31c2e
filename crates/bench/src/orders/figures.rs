//! One run and its figures.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Serialize;

use super::OrdersError;
use super::subject::Subject;
use crate::health::Counts;
use crate::load::{Pace, Plan, Tally, run};
use crate::program::Program;
use crate::usage::Usage;

/// Load before anything is measured: long enough for connections and caches, not for the disk.
const WARM_UP: Duration = Duration::from_millis(500);

/// What one run showed. An order counts when it was sold or refused.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) connections: usize,
    /// Orders a second that were meant to be sent; none for a closed loop.
    pub(crate) rate: Option<u32>,
    pub(crate) orders_per_second: f64,
    pub(crate) sold_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
    /// Processor time an order, by process, in microseconds.
    pub(crate) server_us: f64,
    pub(crate) sandbox_us: f64,
    pub(crate) client_us: f64,
    pub(crate) resident_mib: f64,
    /// Commits an order, where they are counted: two when each is alone, far less in batches.
    pub(crate) commits_per_order: Option<f64>,
    /// Commands a commit, where they are counted.
    pub(crate) commands_per_commit: Option<f64>,
    pub(crate) orders: u64,
    pub(crate) sold: u64,
    pub(crate) refused: u64,
    pub(crate) overloaded: u64,
    pub(crate) broken: u64,
    pub(crate) unanswered: u64,
}

/// Puts `subject` under load once.
pub(crate) fn measure(
    subject: &Subject,
    sandbox: &Program,
    load: Load,
    stop: &AtomicBool,
) -> Result<Figures, OrdersError> {
    let stock = subject.stock_up(WARM_UP + load.duration, load.requests_max)?;
    let load = Load { requests_max: load.requests_max.min(stock), ..load };
    let plan = load.plan(subject);
    let before = Spent::now(subject, sandbox);
    let tally = run(&plan, stop)?;
    let after = Spent::now(subject, sandbox);
    if tally.answered_in_all == 0 {
        return Err(OrdersError::Unsound(format!("no order was answered: {tally:?}")));
    }
    Ok(Figures::new(load, &tally, &before, &after))
}

/// The load of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) pace: Pace,
    pub(crate) duration: Duration,
    pub(crate) requests_max: u64,
}

impl Load {
    /// Closed loops for so long.
    pub(crate) fn closed(connections: usize, duration: Duration) -> Load {
        Load { connections, pace: Pace::Closed, duration, requests_max: u64::MAX }
    }

    pub(crate) fn plan(&self, subject: &Subject) -> Plan {
        Plan {
            targets: subject.targets.clone(),
            connections: self.connections,
            pace: self.pace,
            warm_up: WARM_UP,
            duration: self.duration,
            requests_max: self.requests_max,
        }
    }
}

/// What everybody has spent until a moment.
struct Spent {
    /// Server, sandbox, client.
    usages: [Usage; 3],
    counts: Option<Counts>,
}

impl Spent {
    fn now(subject: &Subject, sandbox: &Program) -> Spent {
        let usages = [subject.usage(), sandbox.usage(), Usage::own()];
        Spent { usages, counts: subject.counts() }
    }

    fn counted_since(&self, before: &Spent) -> Option<Counts> {
        let counts = self.counts?.since(before.counts?);
        (counts.commits > 0).then_some(counts)
    }
}

impl Figures {
    /// Requests of which nobody was told what became of them.
    pub(crate) fn without_answer(&self) -> u64 {
        self.broken + self.unanswered
    }

    fn new(load: Load, tally: &Tally, before: &Spent, after: &Spent) -> Figures {
        let orders = tally.answered_in_all;
        let each_us = |index: usize| {
            let time = after.usages[index].processor.saturating_sub(before.usages[index].processor);
            time.as_secs_f64() * 1e6 / orders.max(1) as f64
        };
        let milliseconds = |latency: Duration| latency.as_secs_f64() * 1e3;
        let counts = after.counted_since(before);
        Figures {
            connections: load.connections,
            rate: match load.pace {
                Pace::Closed => None,
                Pace::Open { rate } => Some(rate),
            },
            orders_per_second: tally.answered_per_second(),
            sold_per_second: tally.sold_per_second(),
            p50_ms: milliseconds(tally.latencies.quantile(500)),
            p99_ms: milliseconds(tally.latencies.quantile(990)),
            max_ms: milliseconds(tally.latencies.max()),
            server_us: each_us(0),
            sandbox_us: each_us(1),
            client_us: each_us(2),
            resident_mib: after.usages[0].resident as f64 / f64::from(1 << 20),
            commits_per_order: counts.map(|counts| counts.commits as f64 / orders.max(1) as f64),
            commands_per_commit: counts
                .map(|counts| counts.commands as f64 / counts.commits as f64),
            orders,
            sold: tally.sold_in_all,
            refused: tally.refused,
            overloaded: tally.overloaded,
            broken: tally.broken,
            unanswered: tally.unanswered,
        }
    }
}
