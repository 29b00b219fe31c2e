//! Asking what is left on a gift card. Whoever has found a card wants to know that first, so
//! questions are counted as cards are that come to the vault.

use crate::allowance::{Allowance, take_in};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{MemberId, Shard};
use crate::profile::TRIES_OF_MEMBER;
use crate::record::word;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// Uses up one question for a balance, before the gateway is asked.
#[derive(Clone, Copy, Debug)]
pub struct TryBalance {
    /// The chain.
    pub shard: Shard,
    /// Whose gift card it is.
    pub member: MemberId,
}

impl TryBalance {
    fn counted_as(&self) -> u128 {
        word("balances of member", &self.member.0.to_string())
    }
}

impl Command for TryBalance {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Allowance::key_in(self.shard, self.counted_as()));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if take_in(facts, self.shard, self.counted_as(), &[TRIES_OF_MEMBER], now)? {
            return Ok(());
        }
        let message = "Too many balances of this member were asked for; try again in an hour.";
        Err(Refusal::new(Code::TooManyRequests, message).into())
    }
}
