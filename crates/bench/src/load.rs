//! A load client for one machine: prebuilt requests over raw loopback TCP, one thread, one poll.
//!
//! It runs beside the server it measures, on the same few cores, so every microsecond it spends
//! is one the server does not have. Hence no HTTP library, no runtime and no allocation a
//! request: one `write`, one `read`, and one `epoll_wait` for all connections that are ready.

mod connection;
mod histogram;
pub mod response;
mod runner;
mod schedule;
mod script;
mod stock;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use thiserror::Error;

pub use self::histogram::Histogram;
pub use self::schedule::Pace;
pub use self::script::{KEY_LENGTH, Request, Script, Step};
pub use self::stock::Stock;

/// The most connections of one run; each is a file descriptor here and in the server.
pub const CONNECTIONS_MAX: usize = 4_096;
/// The longest run.
pub const DURATION_MAX: Duration = Duration::from_secs(3_600);
/// So many broken connections end a run: the server is gone, not slow.
pub const BROKEN_MAX: u64 = 1_000;

/// One run: what is sent, where to, how often, how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who is sent what; connections are dealt out among them in turns.
    pub targets: Vec<Target>,
    /// Keep-alive connections, 1 to [`CONNECTIONS_MAX`].
    pub connections: usize,
    /// How requests follow each other.
    pub pace: Pace,
    /// Load before anything is measured.
    pub warm_up: Duration,
    /// How long is measured, at most [`DURATION_MAX`].
    pub duration: Duration,
    /// The run ends after so many requests even if time is left.
    pub requests_max: u64,
}

/// A server and what is sent to it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The server; loopback only.
    pub address: SocketAddr,
    /// Its requests.
    pub script: Script,
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Orders sold within the measured time.
    pub sold: u64,
    /// Orders sold or refused within the measured time: those the server dealt with.
    pub answered: u64,
    /// The measured time.
    pub measured: Duration,
    /// Orders sold from the first request to the last answer, warm-up included.
    pub sold_in_all: u64,
    /// The same of orders sold or refused.
    pub answered_in_all: u64,
    /// Answers that refused the order.
    pub refused: u64,
    /// Answers that the server had too much to do.
    pub overloaded: u64,
    /// How many of those did not say when to try again.
    pub overloaded_without_advice: u64,
    /// How long those answers took, from the moment their request left.
    pub overloaded_latencies: Histogram,
    /// Connections that broke under a request.
    pub broken: u64,
    /// Requests that were meant to leave or had left when the run was given up.
    pub unanswered: u64,
    /// Latencies of all requests meant to leave within the measured time, whatever the answer.
    pub latencies: Histogram,
}

impl Tally {
    /// Orders sold a second.
    #[must_use]
    pub fn sold_per_second(&self) -> f64 {
        self.per_second(self.sold)
    }

    /// Orders sold or refused a second.
    #[must_use]
    pub fn answered_per_second(&self) -> f64 {
        self.per_second(self.answered)
    }

    fn per_second(&self, count: u64) -> f64 {
        let seconds = self.measured.as_secs_f64();
        if seconds == 0.0 { 0.0 } else { count as f64 / seconds }
    }
}

/// Why a run could not be made or finished.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The address is not this machine's own.
    #[error("{0} is not a loopback address; this client never sends load over a network")]
    NotLoopback(SocketAddr),
    /// A number of the plan is out of range.
    #[error("{0}")]
    Plan(String),
    /// A connection could not be made, or polling failed.
    #[error("the load client could not reach the server: {0}")]
    Connection(#[from] io::Error),
    /// Connections break faster than they can be made.
    #[error("{BROKEN_MAX} connections broke; the server seems to be gone")]
    ServerGone,
    /// Somebody asked the bench to stop.
    #[error("interrupted")]
    Interrupted,
}

/// Carries out a plan on this thread; gives up early when `stop` becomes true.
///
/// # Errors
/// See [`LoadError`]. Refused and overloaded answers are no errors: they are counted.
pub fn run(plan: &Plan, stop: &AtomicBool) -> Result<Tally, LoadError> {
    check(plan)?;
    runner::Runner::new(plan)?.run(stop)
}

fn check(plan: &Plan) -> Result<(), LoadError> {
    let mut addresses = plan.targets.iter().map(|target| target.address);
    if let Some(address) = addresses.find(|address| !address.ip().is_loopback()) {
        return Err(LoadError::NotLoopback(address));
    }
    if plan.targets.is_empty() {
        return Err(LoadError::Plan("a run needs somebody to send its requests to".to_owned()));
    }
    if !(1..=CONNECTIONS_MAX).contains(&plan.connections) {
        let message = format!("connections must be 1 to {CONNECTIONS_MAX}");
        return Err(LoadError::Plan(message));
    }
    if plan.duration + plan.warm_up > DURATION_MAX {
        let message = format!("a run may last at most {} s", DURATION_MAX.as_secs());
        return Err(LoadError::Plan(message));
    }
    Ok(())
}
