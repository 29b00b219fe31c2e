//! Product and floor in turns, under the same loads.

use std::sync::atomic::AtomicBool;

use super::figures::{Figures, Load, measure};
use super::report::{Report, Series};
use super::stage::{Subject, Workshop};
use super::{Options, OrdersError};
use crate::load::Pace;
use crate::program::Program;

/// Connections of an open loop: enough that a free one is nearly always at hand.
const OPEN_CONNECTIONS: usize = 256;

/// Closed loops, open loops, and closed loops on a slower disk.
pub(super) fn run_all(
    options: &Options,
    workshop: &Workshop,
    stop: &AtomicBool,
    report: &mut Report,
) -> Result<(), OrdersError> {
    let closed: Vec<Load> =
        options.connections.iter().map(|count| load(options, *count, Pace::Closed)).collect();
    let open = options.rates.iter().map(|rate| Pace::Open { rate: *rate });
    let open: Vec<Load> = open.map(|pace| load(options, OPEN_CONNECTIONS, pace)).collect();
    let contest = Contest::open(workshop, "plain", 0)?;
    contest.run(options, &closed, stop, &mut report.closed)?;
    contest.run(options, &open, stop, &mut report.open)?;
    contest.close()?;
    if options.sync_delay_ms > 0 {
        let contest = Contest::open(workshop, "slow-disk", options.sync_delay_ms)?;
        contest.run(options, &closed, stop, &mut report.sync_delayed)?;
        contest.close()?;
    }
    Ok(())
}

fn load(options: &Options, connections: usize, pace: Pace) -> Load {
    Load { connections, pace, duration: options.duration(), requests_max: u64::MAX }
}

struct Contest {
    product: Subject,
    floor: Subject,
    sandbox: Program,
}

impl Contest {
    fn open(workshop: &Workshop, name: &str, delay_ms: u32) -> Result<Contest, OrdersError> {
        let sandbox = workshop.start_sandbox(&format!("{name}-sandbox"))?;
        Ok(Contest {
            product: workshop.start_product(&format!("{name}-product"), &sandbox, delay_ms)?,
            floor: workshop.start_floor(&format!("{name}-floor"), &sandbox, delay_ms)?,
            sandbox,
        })
    }

    fn run(
        &self,
        options: &Options,
        loads: &[Load],
        stop: &AtomicBool,
        series: &mut Series,
    ) -> Result<(), OrdersError> {
        for load in loads {
            let (mut product, mut floor) = (Vec::new(), Vec::new());
            for _ in 0..options.rounds {
                product.push(measure(&self.product, &self.sandbox, *load, stop)?);
                floor.push(measure(&self.floor, &self.sandbox, *load, stop)?);
            }
            series.product.extend(median(product));
            series.floor.extend(median(floor));
        }
        Ok(())
    }

    /// The servers end before the gateway, so that no call of theirs is cut. The gateway
    /// has nothing to finish: its log is written before each answer.
    fn close(self) -> Result<(), OrdersError> {
        self.product.program.stop()?;
        self.floor.program.stop()?;
        Ok(self.sandbox.kill()?)
    }
}

/// The run with the middle rate; for an even number the lower one.
fn median(mut runs: Vec<Figures>) -> Option<Figures> {
    runs.sort_by(|a, b| a.orders_per_second.total_cmp(&b.orders_per_second));
    let middle = runs.len().checked_sub(1)? / 2;
    Some(runs.swap_remove(middle))
}
