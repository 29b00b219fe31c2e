//! Memory and disk after many orders, on a fresh program.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::figures::{Load, measure};
use super::report::Report;
use super::stage::Workshop;
use super::subject::{PLAIN, Subject};
use super::{Options, OrdersError};
use crate::load::DURATION_MAX;

const CONNECTIONS: usize = 64;

/// What a program has become after so many orders.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Growth {
    pub(super) orders: u64,
    pub(super) orders_per_second: f64,
    pub(super) resident_mib: f64,
    /// The data folder, logs to be merged included, divided by the orders.
    pub(super) stored_bytes_per_order: f64,
}

/// Sells until each number of orders is reached and looks at memory and disk then.
pub(super) fn run(
    options: &Options,
    workshop: &Workshop,
    stop: &AtomicBool,
    report: &mut Report,
) -> Result<(), OrdersError> {
    let mut milestones: Vec<u64> = options.rss_orders.clone();
    milestones.retain(|orders| *orders > 0);
    milestones.sort_unstable();
    if milestones.is_empty() {
        return Ok(());
    }
    let sandbox = workshop.start_sandbox("growth-sandbox")?;
    let mut product = Subject::product(workshop, options, PLAIN, "growth-product", &sandbox)?;
    let mut sold = 0;
    for milestone in milestones {
        let requests_max = milestone.saturating_sub(sold);
        let load = Load { requests_max, ..Load::closed(CONNECTIONS, DURATION_MAX / 2) };
        let figures = measure(&product, &sandbox, load, stop)?;
        sold += figures.orders;
        report.growth.push(Growth {
            orders: sold,
            orders_per_second: figures.orders_per_second,
            resident_mib: figures.resident_mib,
            stored_bytes_per_order: product.stored()? as f64 / sold.max(1) as f64,
        });
    }
    product.close()?;
    Ok(sandbox.kill()?)
}
