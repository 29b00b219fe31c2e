//! Wrong passwords for names that nobody has: such a name is closed just as an account would be,
//! so that nobody learns from it which names there are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::time::Timestamp;
use domain::user::lock_span;

/// How many names are remembered; a guesser is slowed down by its address long before.
const NAMES_MAX: usize = 10_000;

#[derive(Clone, Copy, Default)]
struct Tries {
    failures: u32,
    locked_until: Timestamp,
}

/// Counts them by the hash of the name. Kept in memory: it ends with the program.
#[derive(Default)]
pub(super) struct Strangers {
    names: Mutex<HashMap<u128, Tries>>,
}

impl Strangers {
    /// Whether the name is closed now.
    pub(super) fn is_locked(&self, name: u128, now: Timestamp) -> bool {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(&name).is_some_and(|tries| now < tries.locked_until)
    }

    /// Counts one try.
    pub(super) fn fail(&self, name: u128, now: Timestamp) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= NAMES_MAX && !names.contains_key(&name) {
            names.clear();
        }
        let tries = names.entry(name).or_default();
        tries.failures = tries.failures.saturating_add(1);
        if let Some(span) = lock_span(tries.failures) {
            tries.locked_until = now.after(span);
        }
    }
}
