//! The GUID of a customer or an order: shard and number inside, and 64 random bits that its row
//! confirms, so that no index leads to it and nobody counts it up.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::Shard;
use crate::token::Secret;

/// A published GUID (`UID`), as its 128 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

impl Serialize for Uid {
    /// 32 hexadecimal digits, as it is published.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Uid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let uid = u128::from_str_radix(&text, 16);
        uid.map(Uid).map_err(|_| serde::de::Error::custom("not a GUID"))
    }
}

/// The lowest 32 bits.
fn bits(value: u128) -> u32 {
    u32::try_from(value & u128::from(u32::MAX)).unwrap_or_default()
}
