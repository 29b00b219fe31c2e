//! The GUID of a customer or an order: shard and number inside, and 64 random bits that its row
//! confirms, so that no index leads to it and nobody counts it up.

use serde::{Deserialize, Serialize};

use crate::ids::Shard;
use crate::token::Secret;

/// A published GUID (`UID`), as its 128 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uid(pub u128);

impl Uid {
    /// The GUID of number `number` in `shard`, with the first half of `random`.
    #[must_use]
    pub fn new(shard: Shard, number: u32, random: Secret) -> Uid {
        let hidden = u128::from_be_bytes(random.0) >> 64;
        Uid(u128::from(shard.0) << 96 | u128::from(number) << 64 | hidden)
    }

    /// The shard it leads to.
    #[must_use]
    pub fn shard(self) -> Shard {
        Shard(bits(self.0 >> 96))
    }

    /// The number it leads to.
    #[must_use]
    pub fn number(self) -> u32 {
        bits(self.0 >> 64)
    }

    /// Whether it says nothing: all zeros (`domain.md` §5.1).
    #[must_use]
    pub fn is_unstated(self) -> bool {
        self.0 == 0
    }
}

/// The lowest 32 bits.
fn bits(value: u128) -> u32 {
    u32::try_from(value & u128::from(u32::MAX)).unwrap_or_default()
}
