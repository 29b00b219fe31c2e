//! What one member has on file.

use serde::{Deserialize, Serialize};

use crate::facts::Key;
use crate::ids::{ContractId, MemberId, PaymentProfileId, Shard};
use crate::record::Kind;

/// How many profiles a member may have.
pub const PROFILES_MAX: usize = 20;

/// How many contracts may wait for a means of paying of one member.
pub const WAITING_MAX: usize = 100;

/// The profiles of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// The chain.
    pub shard: Shard,
    /// Whose they are.
    pub member: MemberId,
    /// All that were imported and not removed, the oldest first.
    pub profiles: Vec<PaymentProfileId>,
    /// The one that pays where a request names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<PaymentProfileId>,
    /// Contracts of which a payment is overdue until another one is preferred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<ContractId>,
}

impl Wallet {
    /// Where the wallet of a member lives.
    #[must_use]
    pub fn key_of(shard: Shard, member: MemberId) -> Key {
        Key::number(shard, Kind::Wallet, member.0)
    }

    /// The wallet of a member who has nothing on file yet.
    #[must_use]
    pub fn empty(shard: Shard, member: MemberId) -> Wallet {
        Wallet { shard, member, profiles: Vec::new(), preferred: None, waiting: Vec::new() }
    }

    /// Takes a profile out of it.
    pub(super) fn take_out(&mut self, id: PaymentProfileId) {
        self.profiles.retain(|known| *known != id);
        self.preferred = self.preferred.filter(|preferred| *preferred != id);
    }
}
