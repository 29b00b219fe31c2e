//! Putting a new means of paying on file with its `ProfileToken`, which is good once
//! (`payments.md` §4.3).

use std::sync::Arc;

use super::wallet::{PROFILES_MAX, Wallet};
use super::{PaymentProfile, ProfileOwner, prefer, remove};
use crate::audit::AuditNote;
use crate::club::overdue;
use crate::club::require_active_member;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{MemberId, PaymentProfileId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// What a `ProfileToken` says, once the server has found it genuine, and who shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileTokenUse {
    /// The profile.
    pub id: PaymentProfileId,
    /// What the profile must confirm.
    pub secret: Secret,
    /// From when it is no longer taken.
    pub expires_at: Timestamp,
    /// The request that shows it, as a hash: the same request may show it again.
    pub request: u128,
}

impl ProfileTokenUse {
    /// The rows that [`import`] looks at, to be loaded beforehand.
    pub fn keys(&self, shard: Shard, member: Option<MemberId>, keys: &mut Vec<Key>) {
        keys.push(PaymentProfile::key_of(shard, self.id));
        keys.extend(member.map(|member| Wallet::key_of(shard, member)));
    }
}

/// A profile that a `ProfileToken` led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The profile, as it is now.
    pub profile: Arc<PaymentProfile>,
    /// Whose it is.
    pub member: MemberId,
    /// Whether it is on file from now on, and was not before.
    pub is_new: bool,
}

/// Gives the profile of a `ProfileToken` to its member and, unless it is for one use only, puts it
/// on file. The preference stays as it is, but for this: the same card on file gives way to the
/// new profile, which is then preferred as the old one was.
///
/// `member` may be left out where the token was made for one.
///
/// # Errors
/// [`Code::ProfileTokenInvalid`], [`Code::ProfileTokenExpired`], [`Code::ProfileTokenAlreadyUsed`];
/// [`Code::ValidationFailed`] without a member; [`Code::SaveCardNotAllowed`] when the member has
/// too many; what [`require_active_member`] refuses; [`Halt::Missing`].
pub fn import(
    facts: &mut Facts<'_>,
    shard: Shard,
    member: Option<MemberId>,
    token: &ProfileTokenUse,
    now: Timestamp,
) -> Result<Imported, Halt> {
    let key = PaymentProfile::key_of(shard, token.id);
    let profile = facts.share::<PaymentProfile>(key)?;
    let profile = profile.filter(|profile| profile.secret.matches(&token.secret));
    let profile = profile.ok_or_else(invalid)?;
    let member = new_owner(&profile, member)?;
    match profile.imported_by {
        Some(request) if request == token.request => {
            return Ok(Imported { profile, member, is_new: false });
        }
        Some(_) => return Err(used().into()),
        None if token.expires_at <= now => return Err(expired().into()),
        None if profile.is_gone(now) => return Err(invalid().into()),
        None => {}
    }
    require_active_member(facts, shard, member)?;
    let mut profile = PaymentProfile::clone(&profile);
    profile.owner = ProfileOwner::Member(member);
    profile.imported_by = Some(token.request);
    if !profile.temporary {
        profile.drop_at = None;
    }
    put_on_file(facts, &profile, member, now)?;
    Ok(Imported { profile: facts.put(profile), member, is_new: true })
}

fn new_owner(profile: &PaymentProfile, member: Option<MemberId>) -> Result<MemberId, Refusal> {
    match (profile.owner, member) {
        (ProfileOwner::Member(owner), None) => Ok(owner),
        (ProfileOwner::Member(owner), Some(member)) if owner == member => Ok(owner),
        (ProfileOwner::Member(_), Some(_)) => Err(invalid()),
        (ProfileOwner::Stranger, Some(member)) => Ok(member),
        (ProfileOwner::Stranger, None) => {
            let message = "The ProfileToken was made for nobody in particular; say in NewOwnerId \
                           which member it is for.";
            Err(Refusal::new(Code::ValidationFailed, message))
        }
    }
}

fn put_on_file(
    facts: &mut Facts<'_>,
    new: &PaymentProfile,
    member: MemberId,
    now: Timestamp,
) -> Result<(), Halt> {
    let key = Wallet::key_of(new.shard, member);
    let known = facts.look::<Wallet>(key)?.cloned();
    let mut wallet = known.unwrap_or_else(|| Wallet::empty(new.shard, member));
    if let Some(earlier) = same_card(facts, new, &wallet, now)? {
        let was_preferred = wallet.preferred == Some(earlier);
        remove::take_away(facts, new.shard, member, earlier, now)?;
        wallet.take_out(earlier);
        if was_preferred {
            wallet.preferred = Some(new.id);
            let waiting = std::mem::take(&mut wallet.waiting);
            overdue::method_preferred(new.shard, &waiting, facts)?;
        }
    }
    if wallet.profiles.len() >= PROFILES_MAX {
        return Err(too_many().into());
    }
    wallet.profiles.push(new.id);
    facts.put(wallet);
    Ok(())
}

/// The profile on file that is the same card as a new one that stays.
fn same_card(
    facts: &Facts<'_>,
    new: &PaymentProfile,
    wallet: &Wallet,
    now: Timestamp,
) -> Result<Option<PaymentProfileId>, Halt> {
    if new.temporary || new.fingerprint.is_none() {
        return Ok(None);
    }
    for id in &wallet.profiles {
        let known = facts.look::<PaymentProfile>(PaymentProfile::key_of(new.shard, *id))?;
        let is_same = |known: &&PaymentProfile| {
            !known.temporary
                && !known.is_gone(now)
                && known.gateway == new.gateway
                && known.fingerprint == new.fingerprint
        };
        if known.filter(is_same).is_some() {
            return Ok(Some(*id));
        }
    }
    Ok(None)
}

/// Imports a profile and makes it the preferred one, if it can be.
#[derive(Clone, Debug)]
pub struct ImportProfile {
    /// The chain.
    pub shard: Shard,
    /// Who gets it; may be left out where the token was made for a member.
    pub member: Option<MemberId>,
    /// What is shown.
    pub token: ProfileTokenUse,
    /// Leave the member's preference as it is.
    pub keeps_preference: bool,
    /// What the audit says.
    pub note: AuditNote,
}

impl Command for ImportProfile {
    type Outcome = Imported;

    /// The audit lies in the house.
    fn shards(&self) -> Shards {
        Shards::Two(Shard::HOUSE, self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        self.token.keys(self.shard, self.member, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Imported, Halt> {
        let imported = import(facts, self.shard, self.member, &self.token, now)?;
        if !imported.is_new {
            return Ok(imported);
        }
        let (member, id) = (imported.member, self.token.id);
        if !self.keeps_preference && !imported.profile.temporary {
            prefer(facts, self.shard, member, id, now)?;
        }
        self.note.record_of(self.shard, facts, now);
        Ok(imported)
    }
}

fn invalid() -> Refusal {
    let message = "This is no ProfileToken of this chain and member; leave the card with the \
                   vault again.";
    Refusal::new(Code::ProfileTokenInvalid, message)
}

fn expired() -> Refusal {
    let message = "The ProfileToken is older than five minutes; leave the card with the vault \
                   again.";
    Refusal::new(Code::ProfileTokenExpired, message)
}

fn used() -> Refusal {
    let message = "Another request has used this ProfileToken; name the means of paying by its \
                   AcctToken.";
    Refusal::new(Code::ProfileTokenAlreadyUsed, message)
}

fn too_many() -> Refusal {
    let message = format!(
        "The member has {PROFILES_MAX} means of paying; remove one first. This one was not put on \
         file."
    );
    Refusal::new(Code::SaveCardNotAllowed, message)
}
