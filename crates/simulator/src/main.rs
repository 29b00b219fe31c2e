//! Runs the simulator many times: `cargo xtask simulate --help`.

mod options;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use anyhow::Result;
use simulator::{Plan, Violation, run, shrink};

use self::options::Options;

/// How often the console hears how far it is, in runs.
const PROGRESS_RUNS: u64 = 10_000;

fn main() -> ExitCode {
    match simulate() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all runs were without a violation.
fn simulate() -> Result<bool> {
    let Some(options) = Options::read(std::env::args().skip(1))? else {
        println!("{}", options::HELP);
        return Ok(true);
    };
    if options.story {
        return Ok(tell(&options, options.first));
    }
    let began = now();
    let (done, failure) = run_all(&options);
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let rate = done as f64 / seconds.max(0.001);
    let (seed, first) = (options.seed, options.first);
    println!("seed {seed}, runs from {first}: {done} runs in {seconds:.1} s, {rate:.0} a second");
    if let Some((number, violation)) = failure {
        report(&options, number, &violation);
        return Ok(false);
    }
    println!("no violation");
    Ok(true)
}

/// How many runs were made, and the first that failed.
fn run_all(options: &Options) -> (u64, Option<(u64, Violation)>) {
    let (next, failure) = (AtomicU64::new(0), Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while let Some(number) = take(&next, options.runs) {
                    let plan = options.plan(options.first + number);
                    if let Some(violation) = run(plan, options.bug, false).violation {
                        next.store(options.runs, Relaxed);
                        let found = (options.first + number, violation);
                        *failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                            Some((number, found));
                    }
                }
            });
        }
    });
    let failure = failure.into_inner().ok().flatten();
    let done = failure.as_ref().map_or(options.runs, |(number, _)| number + 1);
    (done, failure.map(|(_, found)| found))
}

fn take(next: &AtomicU64, runs: u64) -> Option<u64> {
    let number = next.fetch_add(1, Relaxed);
    if number > 0 && number < runs && number.is_multiple_of(PROGRESS_RUNS) {
        println!("{number} runs");
    }
    (number < runs).then_some(number)
}

/// Prints what a failing run violated, and its story made as short as it gets.
fn report(options: &Options, number: u64, violation: &Violation) {
    let seed = options.seed;
    println!("VIOLATION in run {number} of seed {seed}: {}", violation.rule);
    println!("{}", violation.finding);
    let plan = options.plan(number);
    let (small, violation) = shrink(&plan, options.bug, violation);
    println!("The shortest story found ({} of {} items):", small.length(), plan.length());
    print_story(&run(small, options.bug, true).story);
    println!("then: {}: {}", violation.rule, violation.finding);
    println!("The whole: cargo xtask simulate --seed {seed} --run {number} --story");
}

fn tell(options: &Options, number: u64) -> bool {
    let outcome = run(options.plan(number), options.bug, true);
    print_story(&outcome.story);
    if let Some(violation) = &outcome.violation {
        println!("VIOLATION: {}: {}", violation.rule, violation.finding);
    }
    outcome.violation.is_none()
}

fn print_story(story: &[String]) {
    for (number, sentence) in story.iter().enumerate() {
        println!("{:>4}. {sentence}", number + 1);
    }
}

#[expect(clippy::disallowed_methods, reason = "how long the runs took, not when they happen")]
fn now() -> Instant {
    Instant::now()
}

impl Options {
    fn plan(&self, number: u64) -> Plan {
        Plan::draw(self.seed, number, self.nodes)
    }
}
