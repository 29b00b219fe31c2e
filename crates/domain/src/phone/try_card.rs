//! Trying a card that is only to be kept. A gateway that is asked to keep a card asks its bank,
//! and whoever tries out stolen cards learns from the answer as much as from a payment's.

use crate::allowance::{Allowance, Limit, take};
use crate::declines;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::Shard;
use crate::refusal::{Code, Refusal};
use crate::time::{Span, Timestamp};

/// How many cards one phone, and one device, may bring to be kept.
pub const CARDS_TO_KEEP: Limit = Limit { count: 10, within: Span::hours(1) };

/// Uses up one try to have a card kept, before its gateway is asked.
#[derive(Clone, Debug)]
pub struct TryCard {
    /// The card by its keyed hash; `None` for a token, which says nothing of the card behind it.
    pub card: Option<u128>,
    /// Who tries, each by [`crate::record::word`] over what it is and its name.
    pub callers: Vec<u128>,
}

impl Command for TryCard {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend(self.callers.iter().map(|caller| Allowance::key_of(*caller)));
        keys.extend(self.card.map(|card| declines::key(Shard::HOUSE, card)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if let Some(card) = self.card {
            declines::check(facts, Shard::HOUSE, card, now)?;
        }
        for caller in &self.callers {
            if !take(facts, *caller, &[CARDS_TO_KEEP], now)? {
                return Err(too_often().into());
            }
        }
        Ok(())
    }
}

/// Counts that a gateway would not keep a card. Whose event it would have paid for is not known,
/// so it counts with the house.
#[derive(Clone, Debug)]
pub struct CountDecline {
    /// The card by its keyed hash.
    pub card: u128,
}

impl Command for CountDecline {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(declines::key(Shard::HOUSE, self.card));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        declines::count(facts, Shard::HOUSE, self.card, now)
    }
}

fn too_often() -> Refusal {
    let message = "Too many cards were to be saved; try again in an hour. This one was not saved.";
    Refusal::new(Code::TooManyRequests, message)
}
