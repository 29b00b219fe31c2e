//! Is a crash harmless? The real program is killed at random moments under load, again and
//! again, with the sandbox gateway in a process of its own whose log is the judge
//! (`payments.md` §6.8).
//!
//! `GUICHET_CRASH_ROUNDS` kills so often (3 unless told otherwise); `GUICHET_CRASH_SEED` repeats
//! the choices of an earlier run. The moments of a kill depend on the machine, so a seed repeats
//! the pressure, not the instant.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod buyers;
mod dice;
mod evidence;
mod exchange;
mod failover;
mod judge;
mod load;
mod nodes;
mod programs;
mod shop;
mod stage;

use std::thread;
use std::time::Duration;

use crate::buyers::Journal;
use crate::dice::Dice;
use crate::evidence::Evidence;
use crate::load::Load;
use crate::programs::GatewayPace;
use crate::stage::Stage;

const ROUNDS: u64 = 3;
const SEED: u64 = 20_270_502;
const BUYERS: u64 = 8;
/// A round's load lasts a random part of this: short enough to meet starts, long enough to
/// meet everything an order goes through.
const ROUND_MS_MAX: u64 = 900;
/// The first of so many rounds meets a gateway that answers too late. The janitor asks again
/// after 5 s, when the gateway is quick, so that the end need not wait for its longer pauses.
const SLOW_ROUND_EVERY: u64 = 60;
/// The janitor asks about a silent gateway after 5 s and again after 15 s.
const SETTLE_LOOKS_MAX: u32 = 12;
const SETTLE_PAUSE: Duration = Duration::from_secs(6);

#[test]
fn no_kill_loses_or_doubles_money() {
    // Proves that every answered order is there and charged once, that there is no ticket
    // without money and no money without ticket, refund or open task, and that what was
    // declined was not charged, whenever the program is killed.
    let rounds = number_from("GUICHET_CRASH_ROUNDS", ROUNDS);
    let seed = number_from("GUICHET_CRASH_SEED", SEED);
    println!("GUICHET_CRASH_ROUNDS={rounds} GUICHET_CRASH_SEED={seed}");
    let mut stage = Stage::open();
    let journal = shake(&mut stage, rounds, seed);
    let evidence = settle(&mut stage, journal);
    let findings = judge::findings(&evidence);
    println!("{}", evidence.summary());
    if !findings.is_empty() {
        let kept = stage.keep();
        panic!("seed {seed}, files in {}:\n{}", kept.display(), findings.join("\n"));
    }
}

fn number_from(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable}={text} is no number")),
        Err(_) => default,
    }
}

/// Buyers order without pause while the program is killed and started again.
fn shake(stage: &mut Stage, rounds: u64, seed: u64) -> Journal {
    let mut dice = Dice::new(seed);
    let load = Load::start(BUYERS, &mut dice, &stage.shop());
    for round in 0..rounds {
        let slow = round % SLOW_ROUND_EVERY == 0;
        stage.start(if slow { GatewayPace::Slow } else { GatewayPace::Usual });
        thread::sleep(Duration::from_millis(dice.below(ROUND_MS_MAX)));
        stage.kill();
    }
    stage.start(GatewayPace::Usual);
    load.stop()
}

/// Gives the janitor time until every sale whose outcome can be known has one.
fn settle(stage: &mut Stage, journal: Journal) -> Evidence {
    for _ in 0..SETTLE_LOOKS_MAX {
        thread::sleep(SETTLE_PAUSE);
        stage.stop();
        let evidence = stage.evidence();
        if evidence.is_settled() {
            return evidence.with_journal(journal);
        }
        stage.start(GatewayPace::Usual);
    }
    stage.stop();
    stage.evidence().with_journal(journal)
}
