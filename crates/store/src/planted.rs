//! What the bugs of [`domain::planted`] do to a lane.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use domain::facts::Key;
use domain::ids::Shard;
use domain::planted::{Bug, is};
use domain::record::Record;

use crate::batch::{Core, Jobs};
use crate::cache::Cache;
use crate::engine::Engine;

/// Lanes whose numbers share all but their last three bits count as those of one node.
const NODE_SHIFT: u32 = 3;

thread_local! {
    /// What some lane of a node has left as the sequence of a shard.
    static LEFT: RefCell<BTreeMap<(u32, Shard), u64>> = const { RefCell::new(BTreeMap::new()) };
}

impl<E: Engine> Core<E> {
    /// [`Bug::AnswerBeforeCommit`]; returns how many jobs are still to be answered.
    pub(crate) fn answer_too_early(&mut self, jobs: &mut Jobs, count: usize) -> usize {
        if !is(Bug::AnswerBeforeCommit) {
            return count;
        }
        self.answer(jobs.drain(..count).collect());
        0
    }
}

impl Cache {
    /// [`Bug::CacheKept`] and [`Bug::SequencePerNode`]: takes a foreign sequence for one's own.
    pub(crate) fn plant(&mut self, lane: u32, sequences: &[(Shard, u64)]) {
        for &(shard, sequence) in sequences {
            let left = LEFT.with_borrow_mut(|left| {
                if sequence == 0 {
                    left.clear(); // another database
                }
                left.insert((lane >> NODE_SHIFT, shard), sequence.saturating_add(1))
            });
            let shared = is(Bug::SequencePerNode) && left == Some(sequence);
            if let Some(state) = self.shards.get_mut(&shard)
                && (shared || is(Bug::CacheKept))
            {
                state.sequence = sequence;
            }
        }
    }

    /// [`Bug::MemberLost`]
    pub(crate) fn lose_member(&mut self, key: &Key) {
        if let Some(Record::Sale(sale)) = self.old.get_mut(key).map(|entry| &mut entry.record)
            && is(Bug::MemberLost)
        {
            Arc::make_mut(sale).places.pop();
        }
    }
}
