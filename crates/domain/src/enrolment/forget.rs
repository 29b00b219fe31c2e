//! Forgetting what an authentication that nobody finished could have been paid with.

use super::Enrolment;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EnrolmentId, Shard};
use crate::time::Timestamp;

/// Forgets the token of the card, and the gateway's handle, once the proof is too old to be used.
/// The token of a saved card would pay for years.
#[derive(Clone, Debug)]
pub struct ForgetCardToken {
    /// Whose sale it is for.
    pub shard: Shard,
    /// Which.
    pub id: EnrolmentId,
}

impl Command for ForgetCardToken {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Enrolment::key_of(self.shard, self.id));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let key = Enrolment::key_of(self.shard, self.id);
        let is_due = |enrolment: &Enrolment| enrolment.due().is_some_and(|due| due <= now);
        if !facts.look::<Enrolment>(key)?.is_some_and(is_due) {
            return Ok(());
        }
        if let Some(enrolment) = facts.edit::<Enrolment>(key)? {
            enrolment.forget();
        }
        Ok(())
    }
}
