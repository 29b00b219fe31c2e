//! What a key of a club's program may touch (`domain.md` §1.4, §6.1).

use serde::{Deserialize, Serialize};

use crate::ids::{ClubStoreId, MemberId, Shard};
use crate::refusal::{Code, Refusal};

/// How many stores a key may be limited to.
pub const KEY_STORES_MAX: usize = 100;

/// A key of a chain: for all of it, for some of its stores, or for one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClubScope {
    /// The chain.
    pub chain: Shard,
    /// The stores it is limited to, at most [`KEY_STORES_MAX`]; empty for every store of the chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<ClubStoreId>,
    /// The member it is limited to, such as the owner of the device that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
}

/// What one call narrows its key to, by `RestrictedResourceType` and `RestrictedId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// One store.
    Store(ClubStoreId),
    /// One chain.
    Chain(Shard),
    /// One member.
    User(MemberId),
}

impl ClubScope {
    /// The whole of a chain.
    #[must_use]
    pub fn of_chain(chain: Shard) -> ClubScope {
        ClubScope { chain, stores: Vec::new(), member: None }
    }

    /// Whether the key may sell at a store.
    ///
    /// # Errors
    /// [`Code::StoreNotAllowed`]
    pub fn check_store(&self, store: ClubStoreId) -> Result<(), Refusal> {
        if self.stores.is_empty() || self.stores.contains(&store) {
            return Ok(());
        }
        let message = "This key is limited to other stores.";
        Err(Refusal::new(Code::StoreNotAllowed, message))
    }

    /// Whether the key may touch what is a member's.
    ///
    /// # Errors
    /// [`Code::RestrictedScopeDenied`]
    pub fn check_member(&self, member: MemberId) -> Result<(), Refusal> {
        if self.member.is_none_or(|own| own == member) {
            return Ok(());
        }
        Err(denied("This key is limited to another member."))
    }

    /// The scope of one call that narrows it. Whatever is narrowed to must lie inside already.
    ///
    /// # Errors
    /// [`Code::RestrictedScopeDenied`]
    pub fn narrowed(mut self, restriction: Option<Restriction>) -> Result<ClubScope, Refusal> {
        let outside = "RestrictedId names something outside the scope of this key.";
        match restriction {
            None => {}
            Some(Restriction::Chain(chain)) if chain == self.chain => {}
            Some(Restriction::Chain(_)) => return Err(denied(outside)),
            Some(Restriction::Store(store)) => {
                self.check_store(store).map_err(|_| denied(outside))?;
                self.stores = vec![store];
            }
            Some(Restriction::User(member)) => {
                self.check_member(member).map_err(|_| denied(outside))?;
                self.member = Some(member);
            }
        }
        Ok(self)
    }
}

fn denied(message: &str) -> Refusal {
    Refusal::new(Code::RestrictedScopeDenied, message)
}
