//! A chain of clubs and its houses.

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{ClubStoreId, Shard};
use crate::money::Currency;
use crate::record::Kind;

/// That a seller is a chain of clubs (`ChainId` is the seller's number).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The seller.
    pub shard: Shard,
    /// It sells; one that does not keeps what it sold.
    pub active: bool,
}

impl Chain {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard) -> Key {
        Key::number(shard, Kind::Chain, 0)
    }
}

/// One house of a chain (`StoreId`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubStore {
    /// Whose.
    pub shard: Shard,
    /// Its number.
    pub id: ClubStoreId,
    /// The operator's short name, unique within the chain.
    pub slug: String,
    /// The name members see.
    pub name: String,
    /// It sells.
    pub active: bool,
    /// The IANA zone by whose calendar its contracts begin.
    pub time_zone: String,
    /// The currency in which it is paid.
    pub currency: Currency,
    /// To whom its taxes are owed: the name in `tax_payable:`.
    pub jurisdiction: String,
}

impl ClubStore {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: ClubStoreId) -> Key {
        Key::number(shard, Kind::ClubStore, id.0)
    }
}
