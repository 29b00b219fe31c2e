//! A signature whose request makes no sale is good for one request all the same.

use super::{Identity, Mark};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard};
use crate::time::Timestamp;

/// Uses up the signature of a request (`domain.md` §1.6). The same request may come again: what
/// it does is the same as before, or is counted by limits of its own.
///
/// Refused with [`crate::refusal::Code::SignatureReplayed`] when it came with another request.
#[derive(Clone, Copy, Debug)]
pub struct UseSignature(pub Identity);

impl Command for UseSignature {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend(Mark::Signature(self.0).recent_keys(now));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let mark = Mark::Signature(self.0);
        match mark.find(facts, now)? {
            Some(row) => Ok(mark.recognise(&row, Shard::HOUSE).map(|_| ())?),
            None => {
                mark.remember(Shard::HOUSE, SaleId(0), facts, now);
                Ok(())
            }
        }
    }
}
