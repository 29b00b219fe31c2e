//! The loop of one run.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token};

use super::connection::Connection;
use super::response::Verdict;
use super::schedule::Schedule;
use super::script::Position;
use super::{BROKEN_MAX, LoadError, Plan, Tally, Target};
use crate::clock;

/// How long after the end answers are still waited for.
const DRAIN_MAX: Duration = Duration::from_secs(10);
/// How long after the end a request may still leave that was meant to leave before it.
const LATE_MAX: Duration = Duration::from_millis(100);
/// How often a quiet run looks at the clock and at `stop`.
const TICK: Duration = Duration::from_millis(100);
const EVENTS_MAX: usize = 1_024;

pub(super) struct Runner<'a> {
    plan: &'a Plan,
    poll: Poll,
    connections: Vec<Connection>,
    /// Where each connection is in its script.
    positions: Vec<Position>,
    /// The idempotency key given out last.
    keys: u64,
    scratch: Vec<u8>,
    /// Indices of connections without a request under way.
    idle: Vec<usize>,
    schedule: Schedule,
    measured_from: Instant,
    end: Instant,
    tally: Tally,
}

impl<'a> Runner<'a> {
    pub(super) fn new(plan: &'a Plan) -> io::Result<Runner<'a>> {
        let poll = Poll::new()?;
        let connect =
            |index| Connection::open(server_of(plan, index), poll.registry(), Token(index));
        let connections = (0..plan.connections).map(connect).collect::<io::Result<Vec<_>>>()?;
        let start = clock::now();
        let measured_from = start + plan.warm_up;
        let end = measured_from + plan.duration;
        Ok(Runner {
            schedule: Schedule::new(plan.pace, start, end, plan.requests_max),
            idle: (0..connections.len()).collect(),
            positions: (0..connections.len()).map(Position::new).collect(),
            keys: first_key(),
            scratch: Vec::new(),
            tally: Tally::default(),
            plan,
            poll,
            connections,
            measured_from,
            end,
        })
    }

    pub(super) fn run(mut self, stop: &AtomicBool) -> Result<Tally, LoadError> {
        let mut events = Events::with_capacity(EVENTS_MAX);
        let mut now = clock::now();
        while self.goes_on(now) {
            if stop.load(Ordering::Relaxed) {
                return Err(LoadError::Interrupted);
            }
            self.send_due(now)?;
            self.poll.poll(&mut events, Some(self.patience(now))).or_else(ignore_interruption)?;
            now = clock::now();
            for event in &events {
                now = self.take(event.token().0)?;
            }
        }
        Ok(self.finish(now))
    }

    /// Until the schedule is empty or the time is over, and all answers are there or patience
    /// ends.
    fn goes_on(&self, now: Instant) -> bool {
        let under_way = self.idle.len() < self.connections.len();
        let to_send = now < self.end + LATE_MAX && self.schedule.next(now).is_some();
        (under_way || to_send) && now < self.end + DRAIN_MAX
    }

    /// How long to sleep if nothing arrives.
    fn patience(&self, now: Instant) -> Duration {
        match self.schedule.next(now) {
            Some(next) if !self.idle.is_empty() => next.saturating_duration_since(now).min(TICK),
            _ => TICK,
        }
    }

    /// What could not be sent in time is not sent late: a flood ends when it was meant to.
    fn send_due(&mut self, now: Instant) -> Result<(), LoadError> {
        while let Some(index) = self.idle.pop() {
            let in_time = now < self.end + LATE_MAX;
            let moment = if in_time { self.schedule.take(now) } else { None };
            let Some(intended_at) = moment else {
                self.idle.push(index);
                break;
            };
            let script = &target_of(self.plan, index).script;
            let position = &mut self.positions[index];
            let request = position.next(script, &mut self.keys, &mut self.scratch);
            if self.connections[index].send(request, intended_at, now).is_err() {
                self.reopen(index)?;
            }
        }
        Ok(())
    }

    /// Takes in what arrived on one connection and sends its next request at once, so that the
    /// server has work while the other answers are read.
    fn take(&mut self, index: usize) -> Result<Instant, LoadError> {
        let received = self.connections[index].receive();
        let now = clock::now();
        match received {
            Ok(None) => {}
            Ok(Some(verdict)) => {
                self.count(index, verdict, now);
                self.idle.push(index);
                self.send_due(now)?;
            }
            Err(_) => self.reopen(index)?,
        }
        Ok(now)
    }

    fn count(&mut self, index: usize, verdict: Verdict, now: Instant) {
        let in_time = self.measured_from <= now && now < self.end;
        match verdict {
            Verdict::Sold => {
                self.tally.sold_in_all += 1;
                self.tally.sold += u64::from(in_time);
            }
            Verdict::Refused => self.tally.refused += 1,
            Verdict::Overloaded { retry_after } => {
                self.tally.overloaded += 1;
                self.tally.overloaded_without_advice += u64::from(!retry_after);
                let sent_at = self.connections[index].sent_at.unwrap_or(now);
                self.tally.overloaded_latencies.record(now.saturating_duration_since(sent_at));
            }
        }
        if !matches!(verdict, Verdict::Overloaded { .. }) {
            self.tally.answered_in_all += 1;
            self.tally.answered += u64::from(in_time);
        }
        if let Some(intended_at) = self.connections[index].intended_at.take() {
            self.record(intended_at, now);
        }
    }

    fn record(&mut self, intended_at: Instant, now: Instant) {
        if intended_at >= self.measured_from {
            self.tally.latencies.record(now.saturating_duration_since(intended_at));
        }
    }

    /// Connects again. A server may close a connection that has been quiet for long; one that it
    /// closes under a request is broken.
    fn reopen(&mut self, index: usize) -> Result<(), LoadError> {
        self.tally.broken += u64::from(!self.idle.contains(&index));
        if self.tally.broken > BROKEN_MAX {
            return Err(LoadError::ServerGone);
        }
        let fresh =
            Connection::open(server_of(self.plan, index), self.poll.registry(), Token(index))?;
        self.connections[index] = fresh;
        if !self.idle.contains(&index) {
            self.idle.push(index);
        }
        Ok(())
    }

    /// Whatever has no answer yet has waited at least this long, and counts so.
    fn finish(mut self, now: Instant) -> Tally {
        let under_way: Vec<_> =
            self.connections.iter().filter_map(|connection| connection.intended_at).collect();
        let unsent: Vec<_> = std::iter::from_fn(|| self.schedule.take(now)).collect();
        self.tally.unanswered = (under_way.len() + unsent.len()) as u64;
        for intended_at in under_way.into_iter().chain(unsent) {
            self.record(intended_at, now);
        }
        self.tally.measured = now.min(self.end).saturating_duration_since(self.measured_from);
        self.tally
    }
}

/// Connections are dealt out among the targets in turns.
fn target_of(plan: &Plan, connection: usize) -> &Target {
    &plan.targets[connection % plan.targets.len()]
}

/// Where a connection leads, and what says there that something was sold.
fn server_of(plan: &Plan, connection: usize) -> (SocketAddr, &'static [u8]) {
    let target = target_of(plan, connection);
    (target.address, target.script.mark())
}

/// Keys differ between the runs of all benches: they begin at the time, in nanoseconds.
fn first_key() -> u64 {
    clock::unix_time_ns()
}

fn ignore_interruption(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}
