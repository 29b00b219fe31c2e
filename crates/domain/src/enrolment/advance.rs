//! Moving an enrolment on: what the gateway said comes in.

use std::sync::Arc;

use super::{Enrolment, EnrolmentState};
use crate::declines;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EnrolmentId, Shard};
use crate::phone::SavedToken;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What the gateway said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentEvent {
    /// The bank wants to ask the holder.
    Challenged {
        /// The gateway's name of the challenge.
        handle: String,
        /// The gateway's token of the card.
        card_token: SavedToken,
    },
    /// The holder is who they say, or the bank does not mind.
    Passed {
        /// SHA-256 of the gateway's proof.
        proof_hash: [u8; 32],
        /// The gateway's name of it.
        handle: String,
        /// The gateway's token of the card.
        card_token: SavedToken,
    },
    /// It came to nothing.
    Failed(Code),
}

/// Brings one enrolment forward by one event.
#[derive(Clone, Debug)]
pub struct AdvanceEnrolment {
    /// Whose sale it is for.
    pub shard: Shard,
    /// Which.
    pub id: EnrolmentId,
    /// What happened.
    pub event: EnrolmentEvent,
}

impl Command for AdvanceEnrolment {
    type Outcome = Arc<Enrolment>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Enrolment::key_of(self.shard, self.id));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Enrolment>, Halt> {
        let key = Enrolment::key_of(self.shard, self.id);
        let Some(enrolment) = facts.share::<Enrolment>(key)? else {
            let message = "There is no such authentication; start one.";
            return Err(Refusal::new(Code::AuthenticationInvalid, message).into());
        };
        let mut changed = Enrolment::clone(&enrolment);
        changed.take_in(&self.event, now);
        if changed == *enrolment {
            return Ok(enrolment);
        }
        if changed.failure.is_some_and(is_of_the_card) {
            declines::count(facts, self.shard, changed.card_hash, now)?;
        }
        Ok(facts.put(changed))
    }
}

/// Whether a failure says something about the card or its holder. A bank that could not be asked
/// says nothing; all else, also while the card becomes a token, is an answer that a thief may seek.
fn is_of_the_card(failure: Code) -> bool {
    failure != Code::AuthenticationUnavailable
}

impl Enrolment {
    /// See the table of the module; an event that comes too late changes nothing.
    fn take_in(&mut self, event: &EnrolmentEvent, now: Timestamp) {
        use EnrolmentState::{Authenticated, Challenge, Failed, Started};
        if !matches!(self.state_at(now), Started | Challenge) {
            return;
        }
        match event {
            EnrolmentEvent::Challenged { handle, card_token } => {
                self.state = Challenge;
                self.learn(handle, card_token);
            }
            EnrolmentEvent::Passed { proof_hash, handle, card_token } => {
                self.state = Authenticated;
                self.proof_hash = Some(*proof_hash);
                self.learn(handle, card_token);
            }
            EnrolmentEvent::Failed(code) => {
                self.end(Failed);
                self.failure = Some(*code);
            }
        }
    }

    fn learn(&mut self, handle: &str, card_token: &SavedToken) {
        self.handle = Some(handle.to_owned());
        self.card_token = Some(card_token.clone());
    }
}
