//! How often a card may fail before it is not tried any more: whoever tries out stolen numbers
//! must not do it here (`domain.md` §9.1).

use crate::allowance::{Allowance, Limit, take_in};
use crate::facts::{Facts, Halt, Key};
use crate::ids::Shard;
use crate::refusal::{Code, Refusal};
use crate::time::{Span, Timestamp};

/// So many declines and failed proofs of one card, with one organiser.
pub const DECLINES: Limit = Limit { count: 10, within: Span::hours(1) };

/// Where the declines of a card are counted. They lie with the organiser, so that an order need
/// not lock the house; `card` is a keyed hash of the card.
#[must_use]
pub fn key(shard: Shard, card: u128) -> Key {
    Allowance::key_in(shard, card)
}

/// Checks that the card may be tried.
///
/// # Errors
/// [`Code::TooManyRequests`] when it failed too often.
pub fn check(facts: &Facts<'_>, shard: Shard, card: u128, now: Timestamp) -> Result<(), Halt> {
    let failed = facts.look::<Allowance>(key(shard, card))?;
    if failed.is_none_or(|failed| failed.allows(&[DECLINES], now)) {
        return Ok(());
    }
    let message = "This card was declined too often; use another one, or try again in an hour.";
    Err(Refusal::new(Code::TooManyRequests, message).into())
}

/// Counts that the card failed.
///
/// # Errors
/// [`Halt::Missing`] when the row is not in memory.
pub fn count(facts: &mut Facts<'_>, shard: Shard, card: u128, now: Timestamp) -> Result<(), Halt> {
    take_in(facts, shard, card, &[DECLINES], now).map(|_| ())
}
