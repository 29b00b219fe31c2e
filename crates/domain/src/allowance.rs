//! How often something may still be tried: codes for a phone, declines of a card, mails of a sale.

use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Halt, Key};
use crate::ids::Shard;
use crate::record::Kind;
use crate::time::{Span, Timestamp};

/// So many times within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many times, at most 100.
    pub count: usize,
    /// Within how long.
    pub within: Span,
}

/// The latest tries of one thing by one subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// With whom it is counted: the house, or one seller.
    #[serde(default)]
    pub shard: Shard,
    /// Hash over the thing and its subject, by [`crate::record::word`].
    pub hash: u128,
    /// When it was tried, oldest first; only what may still count is kept.
    pub tries: Vec<Timestamp>,
}

impl Allowance {
    /// Where the allowance of `hash` lives.
    #[must_use]
    pub fn key_of(hash: u128) -> Key {
        Allowance::key_in(Shard::HOUSE, hash)
    }

    /// The same, of what is counted with one seller.
    #[must_use]
    pub fn key_in(shard: Shard, hash: u128) -> Key {
        Key::hashed(shard, Kind::Allowance, 0, hash)
    }

    /// Whether all of `limits` allow one more try now.
    #[must_use]
    pub fn allows(&self, limits: &[Limit], now: Timestamp) -> bool {
        limits.iter().all(|limit| {
            let since = now.before(limit.within);
            self.tries.iter().filter(|at| **at > since).count() < limit.count
        })
    }
}

/// Uses up one try, if `limits` allow it; answers whether they do.
///
/// # Errors
/// [`Halt::Missing`] when the row is not in memory.
pub fn take(
    facts: &mut Facts<'_>,
    hash: u128,
    limits: &[Limit],
    now: Timestamp,
) -> Result<bool, Halt> {
    take_in(facts, Shard::HOUSE, hash, limits, now)
}

/// The same, counted with one seller, so that the house need not be locked.
///
/// # Errors
/// [`Halt::Missing`] when the row is not in memory.
pub fn take_in(
    facts: &mut Facts<'_>,
    shard: Shard,
    hash: u128,
    limits: &[Limit],
    now: Timestamp,
) -> Result<bool, Halt> {
    let known = facts.look::<Allowance>(Allowance::key_in(shard, hash))?.cloned();
    let mut allowance = known.unwrap_or(Allowance { shard, hash, tries: Vec::new() });
    if !allowance.allows(limits, now) {
        return Ok(false);
    }
    let longest = limits.iter().map(|limit| limit.within).max().unwrap_or_default();
    allowance.tries.retain(|at| *at > now.before(longest));
    allowance.tries.push(now);
    facts.put(allowance);
    Ok(true)
}

/// Gives back a try of that moment: what it stood for is over and counts no more.
///
/// # Errors
/// [`Halt::Missing`] when the row is not in memory.
pub fn give_back_in(
    facts: &mut Facts<'_>,
    shard: Shard,
    hash: u128,
    at: Timestamp,
) -> Result<(), Halt> {
    if let Some(allowance) = facts.edit::<Allowance>(Allowance::key_in(shard, hash))?
        && let Some(index) = allowance.tries.iter().position(|other| *other == at)
    {
        allowance.tries.remove(index);
    }
    Ok(())
}
