//! Signals to a server's processes: the postmaster and its children.
//!
//! Every child of PostgreSQL leads a process group of its own, so the group of the postmaster
//! reaches only itself. The children are found by their parent's number in `/proc`; where there is
//! none, signals reach the postmaster alone, and its children end soon after it.

use std::fs;
use std::process::Child;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::wait;

/// How long a killed process may take to be gone.
const LIMIT: Duration = Duration::from_secs(10);

/// Stops all of them where they are.
pub(crate) fn pause(postmaster: &Child) {
    // The parent first: then no new child can appear while they are looked for.
    signal(postmaster.id(), Signal::STOP);
    children(postmaster.id()).into_iter().for_each(|child| signal(child, Signal::STOP));
}

/// Lets all of them go on.
pub(crate) fn resume(postmaster: &Child) {
    children(postmaster.id()).into_iter().for_each(|child| signal(child, Signal::CONT));
    signal(postmaster.id(), Signal::CONT);
}

/// Kills all of them at one moment, like a machine that lost its power, and waits until no one
/// can write or answer any more.
pub(crate) fn kill(mut postmaster: Child) {
    pause(&postmaster);
    let children = children(postmaster.id());
    signal(postmaster.id(), Signal::KILL);
    children.iter().for_each(|child| signal(*child, Signal::KILL));
    wait::end(&mut postmaster, LIMIT);
    wait::until(LIMIT, || (!children.iter().any(|child| lives(*child))).then_some(()));
}

/// A process that is gone already needs no signal.
fn signal(number: u32, signal: Signal) {
    if let Some(pid) = number.try_into().ok().and_then(Pid::from_raw) {
        let _gone = kill_process(pid, signal);
    }
}

fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|number| state(*number).is_some_and(|(_, of)| of == parent)).collect()
}

fn lives(number: u32) -> bool {
    state(number).is_some_and(|(state, _)| state != "Z" && state != "X")
}

/// State and parent of a process: `12 (name) S 7 …`, where the name may hold brackets and blanks.
fn state(number: u32) -> Option<(String, u32)> {
    let line = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    let (_, rest) = line.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}
