//! What holds for any parts, any answers and any kills; the till checks its laws after every
//! commit.

use domain::attempt::DeclineReason;
use domain::sale::{SaleState, TenderPart};
use proptest::prelude::*;

use super::model::Mood;
use super::stage::{Stage, part_of};
use crate::common::{plain, resumable};

fn any_mood() -> impl Strategy<Value = Mood> {
    prop_oneof![
        8 => Just(Mood::Answer),
        2 => (0..200_i64).prop_map(Mood::Less),
        2 => Just(Mood::Decline(DeclineReason::Soft)),
        2 => Just(Mood::Lost),
        2 => Just(Mood::Dropped),
        2 => Just(Mood::NotExecuted),
        1 => Just(Mood::Misconfigured),
        1 => Just(Mood::Promised),
    ]
}

/// Caps of the parts before the last, which pays whatever is left.
fn any_parts() -> impl Strategy<Value = Vec<TenderPart>> {
    let part = (1..200_i64, any::<bool>(), any::<bool>());
    let capped = prop::collection::vec(part, 0..4);
    (capped, any::<bool>(), any::<bool>()).prop_map(|(capped, reserves, asks)| {
        let capped = capped.into_iter().map(|(cap, reserves, asks)| (Some(cap), reserves, asks));
        let all = capped.chain([(None, reserves, asks)]);
        let parts = all.enumerate().map(|(index, (cap, reserves, asks))| {
            let terms = if asks { resumable() } else { plain() };
            TenderPart { reserves, ..part_of(&index.to_string(), cap, terms) }
        });
        parts.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The captured sum is the price or nothing, or the sale is under review and its tasks name
    /// every amount in doubt; every charge was requested once; nothing stays in `order_holding`.
    #[test]
    fn all_or_nothing(
        total in 1..500_i64,
        parts in any_parts(),
        moods in prop::collection::vec(any_mood(), 0..30),
        kills in prop::collection::vec(1..40_usize, 0..5),
    ) {
        let mut stage = Stage::killed(&moods, &kills);
        stage.sell(total, &parts);
        stage.settle();
        stage.check_end("as the machine left it");
        stage.find_out();
        stage.check_end("as a person left it");
        prop_assert_ne!(stage.sale().state, SaleState::UnderReview);
    }
}
