//! The program is killed between every two steps of a sale in three parts, with each outcome of
//! each call; the janitor goes on from what is stored.

use domain::attempt::{DeclineReason, GatewayTerms};
use domain::sale::{SaleState, TenderPart};

use super::model::Mood;
use super::stage::{Stage, gift_card, part_of};
use crate::common::{plain, resumable};

const MOODS: [Mood; 7] = [
    Mood::Answer,
    Mood::Less(60),
    Mood::Decline(DeclineReason::Soft),
    Mood::Lost,
    Mood::Dropped,
    Mood::NotExecuted,
    Mood::Misconfigured,
];

/// More calls than a sale in three parts makes: asked, captured or given back, and looked up.
const CALLS_MAX: usize = 9;

fn three(terms: &GatewayTerms) -> [TenderPart; 3] {
    let gift_card = TenderPart { terms: terms.clone(), ..gift_card("g", Some(100)) };
    let [a, b] =
        [("a", Some(100)), ("b", None)].map(|(token, cap)| part_of(token, cap, terms.clone()));
    [a, gift_card, b]
}

/// One outcome of one call, a kill before one step, and everything that comes after.
fn run(terms: &GatewayTerms, call: usize, mood: Mood, kill: usize) -> Stage {
    let mut moods = vec![Mood::Answer; call];
    moods.push(mood);
    let mut stage = Stage::killed(&moods, &[kill]);
    stage.sell(300, &three(terms));
    stage.settle();
    let story = format!("call {call} is {mood:?}, killed before step {kill}");
    stage.check_end(&story);
    stage.find_out();
    stage.check_end(&format!("{story}, and a person asked the gateway"));
    assert_ne!(stage.sale().state, SaleState::UnderReview, "{story}");
    stage
}

/// Whatever the call and wherever the kill: the price or nothing is taken, or a person is told
/// every amount in doubt; what a person finds out ends it.
#[test]
fn killed_between_every_two_steps() {
    for terms in [resumable(), plain()] {
        let mut ends = [0, 0];
        for call in 0..CALLS_MAX {
            for mood in MOODS {
                let whole = run(&terms, call, mood, usize::MAX);
                for kill in 1..=whole.steps() {
                    let is_sold = run(&terms, call, mood, kill).sale().state == SaleState::Issued;
                    ends[usize::from(is_sold)] += 1;
                }
            }
        }
        assert!(ends.iter().all(|ends| *ends > 50), "too few ends of a kind: {ends:?}");
    }
}

/// Two kills, and the same.
#[test]
fn killed_twice() {
    for mood in [Mood::Answer, Mood::Lost] {
        for call in 0..6 {
            let steps = run(&resumable(), call, mood, usize::MAX).steps();
            for first in 1..=steps {
                for second in first..=steps + 4 {
                    let mut moods = vec![Mood::Answer; call];
                    moods.push(mood);
                    let mut stage = Stage::killed(&moods, &[first, second]);
                    stage.sell(300, &three(&resumable()));
                    stage.settle();
                    stage.check_end(&format!("call {call} {mood:?}, {first} and {second}"));
                    assert_ne!(stage.sale().state, SaleState::UnderReview);
                }
            }
        }
    }
}
