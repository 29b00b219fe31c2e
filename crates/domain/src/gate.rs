//! The gate: who went in at an event, and through which door.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{EventId, Shard};
use crate::record::Kind;

/// The counts of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Whose event.
    pub shard: Shard,
    /// Which.
    pub event: EventId,
    /// Admissions let in, by the name of the gate.
    pub entries: BTreeMap<String, u32>,
}

impl Gate {
    /// Where the counts of an event live.
    #[must_use]
    pub fn key_of(shard: Shard, event: EventId) -> Key {
        Key::number(shard, Kind::Gate, event.0)
    }
}
