//! What is counted while the program runs.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How often each of a few things has happened. The keys must be few by themselves: nothing that
/// comes from a request may become one.
#[derive(Debug, Default)]
pub(crate) struct Counts<K>(Mutex<BTreeMap<K, u64>>);

impl<K: Ord + Clone> Counts<K> {
    /// Once more.
    pub(crate) fn add(&self, key: K) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    /// All of them, in order.
    pub(crate) fn read(&self) -> Vec<(K, u64)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(key, count)| (key.clone(), *count)).collect()
    }
}

/// What became of a message that a gateway sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// It was taken in: acted on, or known before, or about nothing of ours.
    Taken,
    /// Its sender is not known: forged, too old, or for no gateway that is configured.
    Refused,
    /// It could not be taken in now; the gateway was asked to send it again.
    Later,
}

/// Messages of gateways, by the gateway and what became of them.
#[derive(Debug, Default)]
pub(crate) struct Messages(Counts<(String, &'static str)>);

impl Messages {
    /// A message has been answered. `gateway` is the name of one that is configured; `None` for
    /// messages to any other name.
    pub(crate) fn add(&self, gateway: Option<&str>, received: Received) {
        let result = match received {
            Received::Taken => "taken",
            Received::Refused => "refused",
            Received::Later => "later",
        };
        self.0.add((gateway.unwrap_or_default().to_owned(), result));
    }

    /// All of them, in order.
    pub(super) fn read(&self) -> Vec<((String, &'static str), u64)> {
        self.0.read()
    }
}
