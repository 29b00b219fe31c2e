//! The same request twice is one sale.
//!
//! A row says which sale a caller's key led to. Rows are kept by day, so that what is written
//! today lies together; a row of a past day never changes.

use serde::{Deserialize, Serialize};

use crate::ids::{SaleId, Shard};

/// How many days a key is remembered (`payments.md` §6.5: at least 30).
pub const IDEMPOTENCY_DAYS: u32 = 31;

/// Who asked for what under which key, and how the body looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// Hash over caller, operation and key.
    pub hash: u128,
    /// Hash over the normalised request; card fields only as keyed fingerprints.
    pub fingerprint: u128,
}

/// The row: this key led to that sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// Whose request it was.
    pub shard: Shard,
    /// The day it was first seen, in days since 1970.
    pub day: u32,
    /// The key and the body it came with.
    pub identity: Identity,
    /// What it led to.
    pub sale: SaleId,
}
