//! For tests: every statement that was prepared by this process.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static SEEN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Notes a statement.
pub(super) fn note(sql: &'static str) {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(sql);
}

/// Every statement so far.
#[must_use]
pub fn statements_seen() -> Vec<&'static str> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
}
