//! Starting an enrolment: it gets its number and its order id before the gateway is asked.

use std::sync::Arc;

use super::{Enrolment, EnrolmentState, OrderId, ProofOwner};
use crate::declines;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EnrolmentId, Shard};
use crate::money::Money;
use crate::time::Timestamp;
use crate::token::Secret;

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
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Enrolment>, Halt> {
        declines::check(facts, self.shard, self.card_hash, now)?;
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
