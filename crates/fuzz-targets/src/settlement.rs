//! Settlement files of gateways.

use std::collections::BTreeSet;

use gateway::masking::mask_card_numbers;
use server::settlement::profile::Format;
use server::settlement::read::{Settlement, decode, read};

/// Reads a file in every format. What is read can be booked: no amount is below zero, no name of a
/// line comes twice, and nothing that looks like a card number is kept.
pub(crate) fn settlement(input: &[u8]) {
    let text = decode(input.to_vec());
    for format in Format::ALL {
        match read(&text, format) {
            Ok(settlement) => can_be_booked(&settlement),
            Err(problems) => assert!(!problems.0.is_empty() && problems.0.len() <= 21),
        }
    }
}

fn can_be_booked(settlement: &Settlement) {
    let mut names = BTreeSet::new();
    for read in &settlement.lines {
        let line = &read.line;
        assert!(line.amount > 0, "{line:?}");
        assert!(names.insert(line.identity.clone()), "{line:?}");
        let kept = [Some(&line.identity), Some(&line.reference), line.payout.as_ref()];
        for text in kept.into_iter().flatten() {
            assert_eq!(mask_card_numbers(text), text.as_str());
        }
    }
}
