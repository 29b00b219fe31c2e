//! The short form of the simulator, and whether it would notice anything.

use std::collections::BTreeSet;

use simulator::{Bug, Plan, Violation, run, shrink};

/// The seed of all runs here.
const SEED: u64 = 1;

/// How many runs the short form makes.
const RUNS: u64 = 200;

/// In how many runs each planted bug must be found.
const BUG_RUNS: u64 = 300;

/// In how many runs everything that can be done with tickets is done.
const SEASON_RUNS: u64 = 80;

/// What is done with tickets, by the words of the story.
const ACTS: [&str; 12] = [
    "RefundWhole",
    "RefundFirst",
    "RefundAmount",
    "Cancel",
    "Move",
    "PayTopup",
    "NoteTopup",
    "GiveUp",
    "GiveAway",
    "Enter",
    "PayOut",
    "CallOff",
];

/// The first of the runs that fails with this bug planted.
fn first_failure(bug: Bug) -> Option<(u64, Violation)> {
    (0..BUG_RUNS).find_map(|number| {
        let violation = run(Plan::draw(SEED, number, None), Some(bug), false).violation;
        violation.map(|violation| (number, violation))
    })
}

/// Proves that the till holds under faults: no run of the short form violates anything.
#[test]
fn all_is_well() {
    for number in 0..RUNS {
        let outcome = run(Plan::draw(SEED, number, None), None, false);
        assert_eq!(outcome.violation, None, "run {number} of seed {SEED}");
    }
}

/// Proves that the short form is no empty play: everything that can be done with a ticket is done
/// in it, differences are waited for, and cards and seats are bought.
#[test]
fn a_season_is_played() {
    let mut done = BTreeSet::new();
    for number in 0..SEASON_RUNS {
        let story = run(Plan::draw(SEED, number, None), None, true).story;
        done.extend(deeds_done(&story));
        let words = ["Done(Waits", "Done(Replaced", "orders Cards", "orders Seats"];
        let told = |word: &&str| story.iter().any(|sentence| sentence.contains(word));
        done.extend(words.into_iter().filter(told).map(str::to_owned));
    }
    for act in ACTS.into_iter().chain(["Done(Waits", "Done(Replaced"]) {
        assert!(done.contains(act), "{act} was never done: {done:?}");
    }
    assert!(done.contains("orders Cards") && done.contains("orders Seats"), "{done:?}");
}

/// What was done, by the words of the story, of what somebody wanted done.
fn deeds_done(story: &[String]) -> BTreeSet<String> {
    let sentences = || story.iter().filter_map(|sentence| sentence.split_once("Deed "));
    let wanted = sentences().filter_map(|(_, sentence)| {
        let (deed, act) = sentence.split_once(": ")?;
        let (number, _) = deed.split_once(" at node")?;
        let name = act.split(|letter: char| !letter.is_alphanumeric()).next()?;
        let told = format!("{number}: Done(");
        let is_done = sentences().any(|(_, sentence)| sentence.starts_with(&told));
        is_done.then(|| name.to_owned())
    });
    wanted.collect()
}

/// Proves that a seed is enough to see a run again: every sentence of its story is the same.
#[test]
fn the_same_seed_tells_the_same_story() {
    for number in 0..20 {
        let again = || run(Plan::draw(SEED, number, None), None, true);
        let story = again();
        assert!(!story.story.is_empty());
        assert_eq!(story, again(), "run {number} of seed {SEED}");
    }
}

/// Proves that the judge notices each planted bug soon, and that nothing of it is left when it
/// is switched off again.
#[test]
fn every_planted_bug_is_found() {
    for (name, bug) in Bug::ALL {
        let found = first_failure(bug);
        let (number, violation) = found.unwrap_or_else(|| panic!("{name} was not found"));
        println!("{name}: run {number}, {}", violation.rule);
        let plan = Plan::draw(SEED, number, None);
        assert_eq!(run(plan, None, false).violation, None, "{name} was switched off");
    }
}

/// Proves that a shrunk story still breaks the same rule, and is shorter.
#[test]
fn a_failing_run_is_made_smaller() {
    let (number, violation) = first_failure(Bug::QuotaKept).unwrap();
    let plan = Plan::draw(SEED, number, None);
    let (small, still) = shrink(&plan, Some(Bug::QuotaKept), &violation);
    assert_eq!(still.rule, violation.rule);
    assert!(small.length() < plan.length() && small.length() <= 2, "{}", small.length());
    assert_eq!(run(small, Some(Bug::QuotaKept), false).violation, Some(still));
}
