//! A chain with two members, and what is done at its desk.

use std::sync::Arc;

use domain::club::Member;
use domain::facts::{Command, Facts, Halt, Key, Shards};
use domain::ids::{ClubStoreId, MemberId, PaymentProfileId, Shard};
use domain::phone::SavedToken;
use domain::profile::{
    AddProfile, ImportProfile, Imported, NewProfile, PROFILE_TOKEN_FOR, PaymentProfile,
    PreferProfile, ProfileOwner, ProfileTokenUse, RemoveProfile, Wallet,
};
use domain::record::Aggregate;
use domain::time::Timestamp;
use domain::token::Secret;

use crate::common::{Till, note};

pub(super) const CHAIN: Shard = Shard(7);
pub(super) const ANNA: MemberId = MemberId(1);
pub(super) const JON: MemberId = MemberId(2);

/// A member who may not buy.
pub(super) const GONE: MemberId = MemberId(3);

pub(super) struct Desk {
    pub(super) till: Till,
    secrets: u8,
}

impl Desk {
    pub(super) fn new() -> Desk {
        let mut till = Till::new();
        for (id, active) in [(ANNA, true), (JON, true), (GONE, false)] {
            let member = member(id, active);
            till.records.insert(member.key(), Member::into_record(Arc::new(member)));
        }
        Desk { till, secrets: 0 }
    }

    /// A card with these first digits, kept for an owner.
    pub(super) fn vault(
        &mut self,
        owner: ProfileOwner,
        change: impl Fn(&mut NewProfile),
    ) -> Arc<PaymentProfile> {
        self.secrets += 1;
        let mut new = NewProfile {
            owner,
            gateway: "sandbox".into(),
            token: SavedToken(format!("sandbox_multi_{}", self.secrets)),
            mask: "424242******4242".into(),
            last_month: None,
            fingerprint: Some(self.secrets.into()),
            temporary: false,
            secret: Secret([self.secrets; 16]),
        };
        change(&mut new);
        self.till.run(&AddProfile { shard: CHAIN, new }).unwrap()
    }

    /// Shows the token of a profile with a request.
    pub(super) fn import(
        &mut self,
        profile: &PaymentProfile,
        member: Option<MemberId>,
        request: u128,
    ) -> Result<Imported, Halt> {
        let keeps_preference = false;
        let token = shown(profile, request);
        let note = note();
        self.till.run(&ImportProfile { shard: CHAIN, member, token, keeps_preference, note })
    }

    /// A card of Anna's that stays.
    pub(super) fn on_file(&mut self, change: impl Fn(&mut NewProfile)) -> Arc<PaymentProfile> {
        let vaulted = self.vault(ProfileOwner::Member(ANNA), change);
        self.import(&vaulted, None, vaulted.id.0.into()).unwrap().profile
    }

    pub(super) fn prefer(&mut self, member: MemberId, id: PaymentProfileId) -> Result<(), Halt> {
        self.till.run(&PreferProfile { shard: CHAIN, member, id, note: note() })
    }

    pub(super) fn remove(&mut self, member: MemberId, id: PaymentProfileId) -> Result<(), Halt> {
        self.till.run(&RemoveProfile { shard: CHAIN, member, id, note: note() })
    }

    pub(super) fn wallet(&self, member: MemberId) -> Wallet {
        let known = self.till.find::<Wallet>(Wallet::key_of(CHAIN, member)).cloned();
        known.unwrap_or_else(|| Wallet::empty(CHAIN, member))
    }

    pub(super) fn profile(&self, id: PaymentProfileId) -> PaymentProfile {
        self.till.find::<PaymentProfile>(PaymentProfile::key_of(CHAIN, id)).unwrap().clone()
    }

    /// Runs a function of the rules as a command of its own.
    pub(super) fn ask<T: Send + 'static>(
        &mut self,
        run: impl Fn(&mut Facts<'_>, Timestamp) -> Result<T, Halt> + Send + 'static,
    ) -> Result<T, Halt> {
        self.till.run(&Ask(run))
    }
}

/// What the token of a profile says.
pub(super) fn shown(profile: &PaymentProfile, request: u128) -> ProfileTokenUse {
    ProfileTokenUse {
        id: profile.id,
        secret: profile.secret,
        expires_at: profile.added_at.after(PROFILE_TOKEN_FOR),
        request,
    }
}

fn member(id: MemberId, active: bool) -> Member {
    Member {
        shard: CHAIN,
        id,
        store: ClubStoreId(1),
        name: "Anna Gestsdóttir".into(),
        email: None,
        phone: None,
        external_id: None,
        active,
        promos_used: Vec::new(),
        created_at: Timestamp(0),
        changed_at: Timestamp(0),
    }
}

struct Ask<F>(F);

impl<T, F> Command for Ask<F>
where
    T: Send + 'static,
    F: Fn(&mut Facts<'_>, Timestamp) -> Result<T, Halt> + Send + 'static,
{
    type Outcome = T;

    fn shards(&self) -> Shards {
        Shards::One(CHAIN)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<T, Halt> {
        (self.0)(facts, now)
    }
}
