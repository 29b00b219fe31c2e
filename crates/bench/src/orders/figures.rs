//! One run and its figures.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Serialize;

use super::OrdersError;
use super::stage::Subject;
use crate::load::{Pace, Plan, Tally, run};
use crate::program::Program;
use crate::usage::Usage;

/// Load before anything is measured: long enough for connections and caches, not for the disk.
const WARM_UP: Duration = Duration::from_millis(500);

/// What one run showed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figures {
    pub(super) connections: usize,
    /// Orders a second that were meant to be sent; none for a closed loop.
    pub(super) rate: Option<u32>,
    pub(super) orders_per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
    /// Processor time an order, by process, in microseconds.
    pub(super) server_us: f64,
    pub(super) sandbox_us: f64,
    pub(super) client_us: f64,
    pub(super) resident_mib: f64,
    pub(super) orders: u64,
    pub(super) refused: u64,
    pub(super) overloaded: u64,
    pub(super) broken: u64,
    pub(super) unanswered: u64,
}

/// Puts `subject` under load once.
pub(super) fn measure(
    subject: &Subject,
    sandbox: &Program,
    load: Load,
    stop: &AtomicBool,
) -> Result<Figures, OrdersError> {
    let plan = Plan {
        address: subject.program.address(),
        request: subject.request.clone(),
        connections: load.connections,
        pace: load.pace,
        warm_up: WARM_UP,
        duration: load.duration,
        requests_max: load.requests_max,
    };
    let usages = || [subject.program.usage(), sandbox.usage(), Usage::own()];
    let before = usages();
    let tally = run(&plan, stop)?;
    let after = usages();
    sound(&tally)?;
    let spent = |index: usize| after[index].processor.saturating_sub(before[index].processor);
    Ok(Figures::new(load, &tally, [0, 1, 2].map(spent), after[0].resident))
}

/// The load of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) connections: usize,
    pub(super) pace: Pace,
    pub(super) duration: Duration,
    pub(super) requests_max: u64,
}

impl Figures {
    fn new(load: Load, tally: &Tally, spent: [Duration; 3], resident: u64) -> Figures {
        let orders = tally.sold_in_all;
        let [server_us, sandbox_us, client_us] =
            spent.map(|time| time.as_secs_f64() * 1e6 / orders.max(1) as f64);
        let milliseconds = |latency: Duration| latency.as_secs_f64() * 1e3;
        Figures {
            connections: load.connections,
            rate: match load.pace {
                Pace::Closed => None,
                Pace::Open { rate } => Some(rate),
            },
            orders_per_second: tally.sold_per_second(),
            p50_ms: milliseconds(tally.latencies.quantile(500)),
            p99_ms: milliseconds(tally.latencies.quantile(990)),
            max_ms: milliseconds(tally.latencies.max()),
            server_us,
            sandbox_us,
            client_us,
            resident_mib: resident as f64 / f64::from(1 << 20),
            orders,
            refused: tally.refused,
            overloaded: tally.overloaded,
            broken: tally.broken,
            unanswered: tally.unanswered,
        }
    }
}

/// A run without sales measured something else.
fn sound(tally: &Tally) -> Result<(), OrdersError> {
    if tally.sold_in_all == 0 {
        let message = format!("no order was sold: {tally:?}");
        return Err(OrdersError::Unsound(message));
    }
    Ok(())
}
