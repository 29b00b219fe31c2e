//! The growth bench: what an order costs when many are stored already.
//!
//! For each size a database is filled with as many settled orders, spread over the days of a
//! season, by the rules and the lane themselves. Then the product is started on each of them in
//! turns, so that a change of the machine's mood meets all sizes, and sells paid orders with
//! idempotency keys.

mod calendar;
mod filler;
mod options;
mod report;

use std::sync::atomic::AtomicBool;

pub use self::options::Options;
use self::report::{Report, Size};
use crate::machine::Machine;
use crate::orders::figures::{Load, measure};
use crate::orders::stage::{Workshop, file};
use crate::orders::subject::{PLAIN, Subject};
use crate::orders::{self, Engine, OrdersError, Scenario};
use crate::program::Program;

/// Connections of the closed loops.
const CONNECTIONS: usize = 256;

/// Carries out the whole bench and returns what is to be printed: a table, or JSON.
///
/// Everything it starts has ended and everything it wrote is gone when it returns.
///
/// # Errors
/// See [`OrdersError`].
pub fn run(options: &Options, stop: &AtomicBool) -> Result<String, OrdersError> {
    let workshop = Workshop::open(options.folder.as_deref())?;
    let machine =
        Machine::inspect(workshop.folder()).map_err(|error| file("measuring the disk", error))?;
    let sandbox = workshop.start_sandbox("sandbox")?;
    let mut sizes = Vec::new();
    for orders in options.sizes() {
        sizes.push(fill(&workshop, orders, &sandbox)?);
    }
    for _ in 0..options.rounds {
        for (subject, size) in &mut sizes {
            let ready = subject.open(&workshop)?;
            let load = Load::closed(CONNECTIONS, options.duration());
            let figures = measure(subject, &sandbox, load, stop)?;
            size.add(ready, figures, subject.usage().resident_peak);
            subject.close()?;
        }
    }
    sandbox.kill()?;
    let sizes = sizes.into_iter().map(|(_, size)| size).collect();
    let report = Report { machine, sizes };
    Ok(if options.json { report.json() } else { report.table() })
}

/// A database with so many orders, and what they take on the disk.
fn fill(
    workshop: &Workshop,
    orders: u64,
    sandbox: &Program,
) -> Result<(Subject, Size), OrdersError> {
    let product = orders::Options::plain(Engine::Sqlite, Scenario::Keyed);
    let folder = format!("orders-{orders}");
    let subject = Subject::prepare(workshop, &product, PLAIN, &folder, sandbox)?;
    let before = subject.stored()?;
    filler::fill(&subject.data.join("guichet.db"), orders)
        .map_err(|error| OrdersError::Preparation(format!("filling a database: {error}")))?;
    let bytes = subject.stored()?.saturating_sub(before);
    Ok((subject, Size::new(orders, bytes)))
}
