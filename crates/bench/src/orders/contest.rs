//! The subjects in turns, under the same loads.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::figures::{Figures, Load, measure};
use super::judge::Answered;
use super::overload;
use super::report::{Report, Restart, Series};
use super::stage::Workshop;
use super::subject::{PLAIN, Setting, Subject};
use super::{Options, OrdersError, Scenario};
use crate::load::Pace;
use crate::program::Program;

/// Connections of an open loop: enough that a free one is nearly always at hand.
const OPEN_CONNECTIONS: usize = 256;

/// Closed loops, open loops, an overload, a restart, and closed loops on a slower disk.
pub(super) fn run_all(
    options: &Options,
    workshop: &Workshop,
    stop: &AtomicBool,
    report: &mut Report,
) -> Result<(), OrdersError> {
    let closed: Vec<Load> =
        options.connections.iter().map(|count| Load::closed(*count, options.duration())).collect();
    let open = options.rates.iter().map(|rate| Load {
        pace: Pace::Open { rate: *rate },
        ..Load::closed(OPEN_CONNECTIONS, options.duration())
    });
    let open: Vec<Load> = open.collect();
    let mut contest = Contest::open(workshop, options, "plain", 0)?;
    contest.run(options, &closed, stop, &mut report.closed)?;
    contest.run(options, &open, stop, &mut report.open)?;
    if options.overload {
        report.overload = Some(overload::run(contest.product(), options, stop)?);
    }
    report.restart = Some(contest.restart(workshop)?);
    contest.close(options, workshop)?;
    if options.sync_delay_ms > 0 {
        let mut contest = Contest::open(workshop, options, "slow-disk", options.sync_delay_ms)?;
        contest.run(options, &closed, stop, &mut report.sync_delayed)?;
        contest.close(options, workshop)?;
    }
    Ok(())
}

struct Contest {
    /// The product, and what it is held against.
    subjects: Vec<Subject>,
    sandbox: Program,
    /// Where the sandbox keeps its log.
    sandbox_folder: PathBuf,
    /// Orders the product has sold, has refused, and has not answered.
    sold: u64,
    refused: u64,
    unanswered: u64,
}

impl Contest {
    fn open(
        workshop: &Workshop,
        options: &Options,
        name: &str,
        sync_delay_ms: u32,
    ) -> Result<Contest, OrdersError> {
        let sandbox_name = format!("{name}-sandbox");
        let sandbox = workshop.start_sandbox(&sandbox_name)?;
        let sandbox_folder = workshop.folder().join(sandbox_name);
        let product = Setting { sync_delay_ms, ..PLAIN };
        let folder = format!("{name}-product");
        let mut subjects = vec![Subject::product(workshop, options, product, &folder, &sandbox)?];
        if options.has_floor() {
            let folder = format!("{name}-floor");
            subjects.push(Subject::floor(workshop, &folder, sync_delay_ms, &sandbox)?);
        }
        if options.scenario.is_beside_tickets() {
            let options = Options { scenario: Scenario::Paid, ..options.clone() };
            let setting = Setting { name: "tickets", ..product };
            let folder = format!("{name}-tickets");
            subjects.push(Subject::product(workshop, &options, setting, &folder, &sandbox)?);
        }
        if options.one_by_one {
            let setting = Setting { name: "one by one", one_by_one: true, ..product };
            let folder = format!("{name}-one-by-one");
            subjects.push(Subject::product(workshop, options, setting, &folder, &sandbox)?);
        }
        Ok(Contest { subjects, sandbox, sandbox_folder, sold: 0, refused: 0, unanswered: 0 })
    }

    fn product(&self) -> &Subject {
        &self.subjects[0]
    }

    fn run(
        &mut self,
        options: &Options,
        loads: &[Load],
        stop: &AtomicBool,
        series: &mut Series,
    ) -> Result<(), OrdersError> {
        for load in loads {
            let mut runs: Vec<Vec<Figures>> = self.subjects.iter().map(|_| Vec::new()).collect();
            for _ in 0..options.rounds {
                for (subject, runs) in self.subjects.iter().zip(&mut runs) {
                    runs.push(measure(subject, &self.sandbox, *load, stop)?);
                }
            }
            self.sold += runs[0].iter().map(|figures| figures.sold).sum::<u64>();
            Contest::check_refusals(options, &runs[0])?;
            self.refused += runs[0].iter().map(|figures| figures.refused).sum::<u64>();
            self.unanswered += runs[0].iter().map(Figures::without_answer).sum::<u64>();
            let names = self.subjects.iter().map(|subject| subject.name);
            series.rows.push(names.zip(runs.into_iter().filter_map(median)).collect());
        }
        Ok(())
    }

    /// An order that was refused costs less than one that was sold.
    fn check_refusals(options: &Options, runs: &[Figures]) -> Result<(), OrdersError> {
        let refused: u64 = runs.iter().map(|figures| figures.refused).sum();
        if refused == 0 || options.scenario.expects_refusals() {
            return Ok(());
        }
        Err(OrdersError::Unsound(format!("{refused} orders were refused that should be sold")))
    }

    /// How soon the product is there again on the database it has filled.
    fn restart(&mut self, workshop: &Workshop) -> Result<Restart, OrdersError> {
        self.subjects[0].close()?;
        let ready_ms = self.subjects[0].open(workshop)?.as_secs_f64() * 1e3;
        Ok(Restart { orders: self.sold, ready_ms })
    }

    /// The servers end before the gateway, so that no call of theirs is cut. The gateway
    /// has nothing to finish: its log is written before each answer.
    fn close(mut self, options: &Options, workshop: &Workshop) -> Result<(), OrdersError> {
        self.subjects.iter_mut().try_for_each(Subject::close)?;
        self.sandbox.kill()?;
        if let Some(amount) = options.scenario.amount() {
            self.subjects[0].check(workshop)?;
            let (sold, unanswered) = (self.sold, self.unanswered);
            Answered { amount, sold, unanswered }.compare(&self.sandbox_folder)?;
        }
        let Some(places) = options.scenario.places() else { return Ok(()) };
        let places = places * u64::from(options.sellers);
        let sold_out = self.sold == places || (self.refused == 0 && self.sold < places);
        if sold_out {
            return Ok(());
        }
        let (sold, refused) = (self.sold, self.refused);
        let message = format!("{sold} of {places} places were sold, and {refused} buyers refused");
        Err(OrdersError::Unsound(message))
    }
}

/// The run with the middle rate; for an even number the lower one.
fn median(mut runs: Vec<Figures>) -> Option<Figures> {
    runs.sort_by(|a, b| a.orders_per_second.total_cmp(&b.orders_per_second));
    let middle = runs.len().checked_sub(1)? / 2;
    Some(runs.swap_remove(middle))
}
