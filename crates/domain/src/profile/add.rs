//! A gateway keeps a card: first a try is used up, then the gateway is asked, then what it made is
//! written down. Whoever tries out stolen cards learns from a gateway that will not keep one as
//! much as from a payment, so tries and declines are counted, with the chain.

use std::sync::Arc;

use super::{AccountClass, AccountType, PaymentProfile, ProfileOwner, ProfileState, TEMPORARY_FOR};
use crate::allowance::{Allowance, Limit, take_in};
use crate::club::require_active_member;
use crate::declines;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{MemberId, NumberKind, PaymentProfileId, Shard};
use crate::phone::{CardMonth, SavedToken};
use crate::refusal::{Code, Refusal};
use crate::time::{Span, Timestamp};
use crate::token::Secret;

/// How many cards may be brought for one member.
pub const TRIES_OF_MEMBER: Limit = Limit { count: 10, within: Span::hours(1) };

/// How many cards one key may bring for people who are no members yet. A desk that enrols a
/// hundred people an hour is busy.
pub const TRIES_OF_CALLER: Limit = Limit { count: 100, within: Span::hours(1) };

/// Uses up one try to have a card kept, before its gateway is asked.
#[derive(Clone, Debug)]
pub struct TryVault {
    /// The chain.
    pub shard: Shard,
    /// For whom; `None` for somebody who is no member yet.
    pub member: Option<MemberId>,
    /// Who is counted: the member or the key, by [`crate::record::word`] over what it is and its
    /// number.
    pub tried_by: u128,
    /// The card by its keyed hash; `None` for a token, which says nothing of the card behind it.
    pub card: Option<u128>,
}

impl Command for TryVault {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Allowance::key_in(self.shard, self.tried_by));
        keys.extend(self.card.map(|card| declines::key(self.shard, card)));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        if let Some(member) = self.member {
            require_active_member(facts, self.shard, member)?;
        }
        if let Some(card) = self.card {
            declines::check(facts, self.shard, card, now)?;
        }
        let limit = if self.member.is_some() { TRIES_OF_MEMBER } else { TRIES_OF_CALLER };
        if take_in(facts, self.shard, self.tried_by, &[limit], now)? {
            return Ok(());
        }
        let message = "Too many cards were brought to the vault; try again in an hour. This one \
                       was not kept.";
        Err(Refusal::new(Code::TooManyRequests, message).into())
    }
}

/// Counts that a gateway would not keep a card.
#[derive(Clone, Debug)]
pub struct CountVaultDecline {
    /// The chain.
    pub shard: Shard,
    /// The card by its keyed hash.
    pub card: u128,
}

impl Command for CountVaultDecline {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(declines::key(self.shard, self.card));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        declines::count(facts, self.shard, self.card, now)
    }
}

/// A card that a gateway keeps from now on.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// Whose it is.
    pub owner: ProfileOwner,
    /// The gateway.
    pub gateway: String,
    /// What stands for it there.
    pub token: SavedToken,
    /// First six and last four digits, as the gateway shows it.
    pub mask: String,
    /// Its last month, if known.
    pub last_month: Option<CardMonth>,
    /// The same for the same card: a keyed hash.
    pub fingerprint: Option<u128>,
    /// For one use only. Gift cards always are.
    pub temporary: bool,
    /// What both tokens of it will show: random.
    pub secret: Secret,
}

/// Writes down what a gateway keeps. Until it is imported it can be used for a day.
#[derive(Clone, Debug)]
pub struct AddProfile {
    /// The chain.
    pub shard: Shard,
    /// What.
    pub new: NewProfile,
}

impl Command for AddProfile {
    type Outcome = Arc<PaymentProfile>;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Key::seller(self.shard));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Self::Outcome, Halt> {
        let id = PaymentProfileId(facts.number(self.shard, NumberKind::PaymentProfile)?);
        let new = self.new.clone();
        let account = AccountType::of_mask(&new.mask);
        let digits = new.mask.len().saturating_sub(LAST_DIGITS);
        Ok(facts.put(PaymentProfile {
            shard: self.shard,
            id,
            secret: new.secret,
            owner: new.owner,
            gateway: new.gateway,
            token: Some(new.token),
            account,
            last_four: new.mask.get(digits..).unwrap_or_default().to_owned(),
            last_month: new.last_month,
            fingerprint: new.fingerprint,
            temporary: new.temporary || account.class() == AccountClass::GiftCard,
            state: ProfileState::Usable,
            added_at: now,
            imported_by: None,
            drop_at: Some(now.after(TEMPORARY_FOR)),
        }))
    }
}

/// How many digits of a card may be shown.
const LAST_DIGITS: usize = 4;
