//! Texts that are good for one request each, such as the names of orders that wait to be paid.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A stock that requests are filled from, the oldest text first. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stock(Arc<Mutex<VecDeque<String>>>);

impl Stock {
    /// Adds texts behind those that are there.
    pub fn add(&self, texts: impl IntoIterator<Item = String>) {
        self.texts().extend(texts);
    }

    /// How many are left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts().len()
    }

    /// Whether none is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes one out; `None` when none is left.
    #[must_use]
    pub fn take(&self) -> Option<String> {
        self.texts().pop_front()
    }

    fn texts(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
