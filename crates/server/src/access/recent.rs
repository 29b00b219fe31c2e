//! What was looked up a moment ago, so that a request need not ask the database who calls.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use tokio::time::Instant;

/// How long it counts without another look: so soon does a change made by another node or by the
/// command line count here. What this node changes counts at once.
pub(super) const FRESH: Duration = Duration::from_secs(2);

/// How long it counts when the database does not answer: a short outage signs nobody out, and
/// nothing can be withdrawn meanwhile, because that needs the database too.
const KEPT: Duration = Duration::from_secs(60);

/// How many are kept; an attacker's guesses must not fill the memory.
const ENTRIES_MAX: usize = 10_000;

/// A bounded memory.
pub(super) struct Recent<K, V> {
    state: RwLock<State<K, V>>,
}

struct State<K, V> {
    entries: HashMap<K, (V, Instant)>,
    /// Counts what was forgotten: whoever looked before that must not bring it back.
    forgotten: u64,
}

/// What is known of a key.
pub(super) enum Known<V> {
    /// Looked up a moment ago.
    Fresh(V),
    /// Looked up a while ago, to be used when nothing better is to be had. With it, or without
    /// anything, the number that [`Recent::put`] wants.
    Older(Option<V>, u64),
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Recent<K, V> {
        Recent { state: RwLock::new(State { entries: HashMap::new(), forgotten: 0 }) }
    }
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    /// What is known, judged by how old it is.
    pub(super) fn get(&self, key: &K, fresh: Duration) -> Known<V> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        match state.entries.get(key).map(|(value, at)| (value, at.elapsed())) {
            Some((value, age)) if age < fresh => Known::Fresh(value.clone()),
            Some((value, age)) if age < KEPT => Known::Older(Some(value.clone()), state.forgotten),
            _ => Known::Older(None, state.forgotten),
        }
    }

    /// Keeps what was looked up, unless something was forgotten since [`Recent::get`].
    pub(super) fn put(&self, key: K, value: V, forgotten_seen: u64) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.forgotten != forgotten_seen {
            return;
        }
        if state.entries.len() >= ENTRIES_MAX && !state.entries.contains_key(&key) {
            state.entries.retain(|_, (_, at)| at.elapsed() < FRESH);
            if state.entries.len() >= ENTRIES_MAX {
                state.entries.clear();
            }
        }
        state.entries.insert(key, (value, Instant::now()));
    }

    /// Forgets one, because it was changed.
    pub(super) fn forget(&self, key: &K) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.entries.remove(key);
        state.forgotten += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(recent: &Recent<u32, &'static str>) -> (&'static str, u64) {
        match recent.get(&1, FRESH) {
            Known::Fresh(value) => (value, u64::MAX),
            Known::Older(value, seen) => (value.unwrap_or("nothing"), seen),
        }
    }

    /// Proves that it is fresh, then old, then nothing, and that a look that began before a change
    /// does not bring back what was there before it.
    #[tokio::test(start_paused = true)]
    async fn it_ages_and_forgets() {
        let recent = Recent::default();
        assert_eq!(known(&recent), ("nothing", 0));
        recent.put(1, "a", 0);
        assert_eq!(known(&recent), ("a", u64::MAX));
        tokio::time::advance(FRESH).await;
        assert_eq!(known(&recent), ("a", 0));
        tokio::time::advance(KEPT).await;
        assert_eq!(known(&recent), ("nothing", 0));
        recent.put(1, "b", 0);
        recent.forget(&1);
        recent.put(1, "b", 0);
        assert_eq!(known(&recent), ("nothing", 1));
    }
}
