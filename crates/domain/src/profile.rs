//! What members of clubs pay with: cards that gateways keep, known to clients by tokens of ours
//! (`payments.md` §4.3). Where one stands:
//!
//! | state               | what happened                                 | next state     |
//! |---------------------|-----------------------------------------------|----------------|
//! | —                   | a gateway keeps a card                        | Usable ¹       |
//! | Usable              | its `ProfileToken` was used, for a member     | Usable ²       |
//! | Usable              | declined: the card has expired                | NeedsExpiry    |
//! | Usable, NeedsExpiry | declined: the account is closed               | Unusable       |
//! | all but Removed     | removed; the same card was put on file anew   | Removed        |
//! | all but Removed     | for one use only, and a day is over           | Removed        |
//! | Removed             | the gateway refuses its token from now on     | Removed ³      |
//!
//! ¹ For one use. ² On file: it stays until it is removed, unless it is one that is never kept.
//! ³ And the gateway's token is forgotten.
//!
//! A card for one use pays like any other for a day and is never preferred. A client can name a
//! profile in three ways: by its `AcctToken`, by its number, and once, while it is new, by its
//! `ProfileToken`. The texts of both tokens are made by the server; here they are what they name.

mod account;
mod add;
mod balance;
mod find;
mod import;
mod mark;
mod methods;
mod prefer;
mod remove;
mod wallet;

use serde::{Deserialize, Serialize};

pub use self::account::{AccountClass, AccountType};
pub use self::add::{
    AddProfile, CountVaultDecline, NewProfile, TRIES_OF_CALLER, TRIES_OF_MEMBER, TryVault,
};
pub use self::balance::TryBalance;
pub use self::find::{by_acct_token, by_id, preferred};
pub use self::import::{ImportProfile, Imported, ProfileTokenUse, import};
pub use self::mark::mark;
pub use self::methods::{
    METHODS_MAX, MethodAsked, Payer, PaymentMethod, Wanted, check_methods, payers,
};
pub use self::prefer::{PreferProfile, prefer};
pub use self::remove::{DropLater, ForgetToken, RemoveProfile};
pub use self::wallet::{PROFILES_MAX, WAITING_MAX, Wallet};
use crate::facts::Key;
use crate::ids::{MemberId, PaymentProfileId, Shard};
use crate::phone::{CardMonth, SavedToken};
use crate::record::Kind;
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How long a card for one use can be used, from the moment in which its gateway kept it.
pub const TEMPORARY_FOR: Span = Span::hours(24);

/// How long after it was made a `ProfileToken` is taken (`payments.md` §4.3).
pub const PROFILE_TOKEN_FOR: Span = Span::minutes(5);

/// Where a profile stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// It can be charged.
    Usable,
    /// The card has expired.
    NeedsExpiry,
    /// The account is closed, lost or stolen.
    Unusable,
    /// It is gone; what is left serves those who ask for it again.
    Removed,
}

/// Whose a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileOwner {
    /// A member of the chain.
    Member(MemberId),
    /// Somebody who is no member yet; importing the profile gives it to one.
    Stranger,
}

/// One means of paying of a member, or of somebody who will be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentProfile {
    /// The chain.
    pub shard: Shard,
    /// Its published number (`PaymentProfileId`).
    pub id: PaymentProfileId,
    /// What both tokens of it must show.
    pub secret: Secret,
    /// Whose it is.
    pub owner: ProfileOwner,
    /// The gateway that keeps it.
    pub gateway: String,
    /// What stands for it there; `None` once the gateway refuses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SavedToken>,
    /// Of what kind it is.
    pub account: AccountType,
    /// Its last four digits.
    pub last_four: String,
    /// Its last month, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_month: Option<CardMonth>,
    /// The same for the same card: a keyed hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<u128>,
    /// Whether it is for one use only.
    pub temporary: bool,
    /// Where it stands.
    pub state: ProfileState,
    /// When the gateway kept it.
    pub added_at: Timestamp,
    /// The request that used up its `ProfileToken`, as a hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_by: Option<u128>,
    /// When the gateway is to be told to refuse its token; `None` for one that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_at: Option<Timestamp>,
}

/// What an `AcctToken` names, once the server has found it genuine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcctToken {
    /// The profile.
    pub id: PaymentProfileId,
    /// What the profile must confirm.
    pub secret: Secret,
}

impl PaymentProfile {
    /// Where the profile of that number lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: PaymentProfileId) -> Key {
        Key::number(shard, Kind::PaymentProfile, id.0)
    }

    /// When its gateway is to be told to refuse it.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.drop_at
    }

    /// Whether it was removed, or its day is over.
    #[must_use]
    pub fn is_gone(&self, now: Timestamp) -> bool {
        self.state == ProfileState::Removed || self.drop_at.is_some_and(|at| at <= now)
    }

    /// Whether its card is past its month in `this_month`.
    #[must_use]
    pub fn has_expired(&self, this_month: CardMonth) -> bool {
        self.last_month.is_some_and(|last| last < this_month)
    }

    /// Takes it away: it can be used no more, and its gateway is told soon.
    fn remove(&mut self, now: Timestamp) {
        self.state = ProfileState::Removed;
        self.drop_at = self.token.is_some().then_some(now);
    }
}
