//! Three times what the product can serve, as an open loop: what it answers, how it turns the rest
//! away, what it costs in memory, and how soon it is itself again.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::Serialize;

use super::figures::Load;
use super::subject::Subject;
use super::{Options, OrdersError};
use crate::clock;
use crate::load::{self, CONNECTIONS_MAX, Pace, Plan, Tally};

/// Connections of the closed loops that tell what the product can do.
const CONNECTIONS: usize = 256;
/// How many times that is sent.
const TIMES: f64 = 3.0;
/// How long one look at the recovery lasts.
const LOOK: Duration = Duration::from_millis(250);
/// Recovered is what reaches this share of the best rate.
const RECOVERED_SHARE: f64 = 0.8;
/// How long a recovery may take.
const RECOVERY_MAX: Duration = Duration::from_secs(30);

/// What an overload showed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Overload {
    /// Orders a second of the closed loop before.
    pub(super) best_per_second: f64,
    /// Orders a second that were meant to be sent.
    pub(super) rate: u32,
    /// Orders a second that were sold or refused.
    pub(super) answered_per_second: f64,
    /// Requests turned away with 503.
    pub(super) turned_away: u64,
    /// Requests turned away without being told when to come again.
    pub(super) without_retry_after: u64,
    /// How long those answers took, from the moment the request left.
    pub(super) turned_away_p99_ms: f64,
    pub(super) turned_away_max_ms: f64,
    /// Requests that found no free connection before the end, or got no answer.
    pub(super) unsent: u64,
    pub(super) broken: u64,
    /// The most memory the servers ever held.
    pub(super) resident_peak_mib: f64,
    /// From the end of the flood until closed loops reach 80 % of the best rate again; none when
    /// they did not.
    pub(super) recovery_ms: Option<f64>,
}

impl Overload {
    /// For people.
    pub(super) fn sentences(&self) -> String {
        let recovery = match self.recovery_ms {
            Some(recovery_ms) => format!("itself again after {recovery_ms:.0} ms"),
            None => format!("not itself again within {RECOVERY_MAX:?}"),
        };
        format!(
            "\noverload: {}/s wanted, three times the best {:.0}/s\n  answered {:.0}/s, {:.0} % of \
             the best; {} turned away with 503 ({} without Retry-After), p99 {:.0} ms, at most \
             {:.0} ms\n  {} not sent in time, {} broken; {:.0} MiB at most; {recovery}\n",
            self.rate,
            self.best_per_second,
            self.answered_per_second,
            100.0 * self.answered_per_second / self.best_per_second.max(1.0),
            self.turned_away,
            self.without_retry_after,
            self.turned_away_p99_ms,
            self.turned_away_max_ms,
            self.unsent,
            self.broken,
            self.resident_peak_mib,
        )
    }
}

pub(super) fn run(
    subject: &Subject,
    options: &Options,
    stop: &AtomicBool,
) -> Result<Overload, OrdersError> {
    let closed = Load::closed(CONNECTIONS, options.duration());
    let best_per_second = run_load(&closed, subject, stop)?.answered_per_second();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate fits")]
    let rate = (best_per_second * TIMES).ceil() as u32;
    let flood = Load { pace: Pace::Open { rate }, connections: CONNECTIONS_MAX, ..closed };
    let tally = run_load(&flood, subject, stop)?;
    let recovery = recovery(subject, best_per_second, stop)?;
    let milliseconds = |latency: Duration| latency.as_secs_f64() * 1e3;
    Ok(Overload {
        best_per_second,
        rate,
        answered_per_second: tally.answered_per_second(),
        turned_away: tally.overloaded,
        without_retry_after: tally.overloaded_without_advice,
        turned_away_p99_ms: milliseconds(tally.overloaded_latencies.quantile(990)),
        turned_away_max_ms: milliseconds(tally.overloaded_latencies.max()),
        unsent: tally.unanswered,
        broken: tally.broken,
        resident_peak_mib: subject.usage().resident_peak as f64 / f64::from(1 << 20),
        recovery_ms: recovery.map(milliseconds),
    })
}

fn run_load(planned: &Load, subject: &Subject, stop: &AtomicBool) -> Result<Tally, OrdersError> {
    Ok(load::run(&planned.plan(subject), stop)?)
}

/// Looks again and again whether the usual load is served as before.
fn recovery(
    subject: &Subject,
    best_per_second: f64,
    stop: &AtomicBool,
) -> Result<Option<Duration>, OrdersError> {
    let began = clock::now();
    let look = Load::closed(CONNECTIONS, LOOK);
    while began.elapsed() < RECOVERY_MAX {
        let looked_at = began.elapsed();
        let plan = Plan { warm_up: Duration::ZERO, ..look.plan(subject) };
        if load::run(&plan, stop)?.answered_per_second() >= best_per_second * RECOVERED_SHARE {
            return Ok(Some(looked_at));
        }
    }
    Ok(None)
}
