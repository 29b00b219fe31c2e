//! Starting an enrolment: it gets its number and its order id before the gateway is asked.

use std::sync::Arc;

use super::{Enrolment, EnrolmentState, OrderId, ProofOwner};
use crate::allowance::{Allowance, Limit, take_in};
use crate::declines;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EnrolmentId, Shard};
use crate::money::Money;
use crate::refusal::{Code, Refusal};
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How many proofs one phone, and one device, may start with one organiser.
pub const STARTS_PER_CALLER: Limit = Limit { count: 20, within: Span::hours(1) };

/// How many proofs may be started within one payment session, as often as it may be charged. A
/// session is over long before the first of them counts no more.
pub const STARTS_PER_SESSION: Limit = Limit { count: 10, within: Span::hours(24 * 7) };

/// Who starts a proof, for a count beside the card's: each start asks gateway and bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starter {
    /// [`crate::record::word`] over what it is and its name.
    pub hash: u128,
    /// How often it may start one.
    pub limit: Limit,
}

/// Starts the proof of who a card's holder is.
#[derive(Clone, Debug)]
pub struct StartEnrolment {
    /// Whose sale it is for.
    pub shard: Shard,
    /// The gateway that the card goes through.
    pub gateway: String,
    /// What is to be paid.
    pub money: Money,
    /// Who may use the proof.
    pub owner: ProofOwner,
    /// Whether the card is one that was saved.
    pub card_is_saved: bool,
    /// First six and last four digits of the card.
    pub card_mask: Option<String>,
    /// The allowance of declines that a failure counts against.
    pub card_hash: u128,
    /// Who starts it; a box office, which serves many, counts for none.
    pub starters: Vec<Starter>,
    /// Where the holder's browser goes on.
    pub return_url: Option<String>,
    /// 128 random bits for the order id.
    pub secret: Secret,
}

impl Command for StartEnrolment {
    type Outcome = Arc<Enrolment>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend([Key::seller(self.shard), declines::key(self.shard, self.card_hash)]);
        let starters = self.starters.iter();
        keys.extend(starters.map(|starter| Allowance::key_in(self.shard, starter.hash)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Enrolment>, Halt> {
        declines::check(facts, self.shard, self.card_hash, now)?;
        for Starter { hash, limit } in &self.starters {
            if !take_in(facts, self.shard, *hash, &[*limit], now)? {
                let message = "Too many cards were tried; try again in an hour.";
                return Err(Refusal::new(Code::TooManyRequests, message).into());
            }
        }
        let id = EnrolmentId(facts.number(self.shard, EnrolmentId::KIND)?);
        Ok(facts.put(Enrolment {
            shard: self.shard,
            id,
            order_id: OrderId::new(id, self.secret),
            gateway: self.gateway.clone(),
            money: self.money,
            owner: self.owner.clone(),
            state: EnrolmentState::Started,
            started_at: now,
            handle: None,
            card_token: None,
            card_is_saved: self.card_is_saved,
            card_mask: self.card_mask.clone(),
            card_hash: self.card_hash,
            proof_hash: None,
            return_url: self.return_url.clone(),
            failure: None,
        }))
    }
}
