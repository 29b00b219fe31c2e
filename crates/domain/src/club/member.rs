//! Who buys packages, and who sells them.

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{ClubStoreId, MemberId, Shard, StaffId};
use crate::record::{Kind, word};
use crate::time::Timestamp;

/// A member of a club (`MemberId`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The chain.
    pub shard: Shard,
    /// Its number.
    pub id: MemberId,
    /// Their club; what they buy may be sold at any store of the chain.
    pub store: ClubStoreId,
    /// Their name.
    pub name: String,
    /// Where letters go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their phone in international form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The club's own number for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// They may buy.
    pub active: bool,
    /// Codes of the sort that is good once a member, which this one has used, by their hash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promos_used: Vec<u128>,
    /// When they joined.
    pub created_at: Timestamp,
    /// When anything of this last changed.
    pub changed_at: Timestamp,
}

impl Member {
    /// Where they live in the store.
    #[must_use]
    pub fn key_of(shard: Shard, id: MemberId) -> Key {
        Key::number(shard, Kind::Member, id.0)
    }

    /// What they are looked for by: their phone and their e-mail address.
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        let phone = self.phone.iter().map(|phone| word("phone", phone));
        let email = self.email.iter().map(|email| Member::word_of_email(email));
        phone.chain(email).collect()
    }

    /// The word of an e-mail address, in whatever case it is written.
    #[must_use]
    pub fn word_of_email(email: &str) -> u128 {
        word("member_email", &email.to_lowercase())
    }
}

/// Somebody who works at stores and is credited with sales (`StaffId`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The chain.
    pub shard: Shard,
    /// Its number.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Where they work; empty for every store of the chain.
    #[serde(default)]
    pub stores: Vec<ClubStoreId>,
    /// Sales may be credited to them.
    pub active: bool,
}

impl Staff {
    /// Where they live in the store.
    #[must_use]
    pub fn key_of(shard: Shard, id: StaffId) -> Key {
        Key::number(shard, Kind::Staff, id.0)
    }

    /// Whether sales of this store may be credited to them.
    #[must_use]
    pub fn works_at(&self, store: ClubStoreId) -> bool {
        self.active && (self.stores.is_empty() || self.stores.contains(&store))
    }
}
