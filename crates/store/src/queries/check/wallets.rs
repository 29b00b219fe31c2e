//! What members of clubs have on file: a wallet names profiles that are its member's and can be
//! used, and each of those stands in its wallet.

use domain::profile::{PaymentProfile, ProfileOwner, ProfileState, Wallet};
use domain::record::{Aggregate as _, Record};

use super::CheckReport;
use crate::error::Fault;
use crate::snapshot::Snapshot;

/// The profiles that a wallet names.
pub(super) fn check_wallet(
    view: &dyn Snapshot,
    wallet: &Wallet,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    let name = format!("The wallet of member {} of shard {}", wallet.member.0, wallet.shard.0);
    for id in &wallet.profiles {
        let key = PaymentProfile::key_of(wallet.shard, *id);
        let record = match view.record(&key) {
            Err(Fault::Unreadable(_)) => continue,
            record => record?,
        };
        let profile = record.as_ref().and_then(PaymentProfile::from_record);
        let owner = ProfileOwner::Member(wallet.member);
        let is_own = |profile: &PaymentProfile| {
            profile.owner == owner && profile.state != ProfileState::Removed
        };
        if !profile.is_some_and(|profile| is_own(profile)) {
            report.find(format!("{name} names profile {}, which is not theirs.", id.0));
        }
        if wallet.preferred == Some(*id) && profile.is_some_and(|profile| profile.temporary) {
            report.find(format!("{name} prefers profile {}, which is for one use.", id.0));
        }
    }
    if let Some(preferred) = wallet.preferred.filter(|it| !wallet.profiles.contains(it)) {
        report.find(format!("{name} prefers profile {}, which is not in it.", preferred.0));
    }
    Ok(())
}

/// A profile that can be used has a token, and stands in its wallet once it was imported.
pub(super) fn check_profile(
    view: &dyn Snapshot,
    profile: &PaymentProfile,
    report: &mut CheckReport,
) -> Result<(), Fault> {
    if profile.state == ProfileState::Removed {
        return Ok(());
    }
    let name = format!("Profile {} of shard {}", profile.id.0, profile.shard.0);
    if profile.token.is_none() {
        report.find(format!("{name} has no token of its gateway and was not removed."));
    }
    let (ProfileOwner::Member(member), Some(_)) = (profile.owner, profile.imported_by) else {
        return Ok(());
    };
    let record: Option<Record> = match view.record(&Wallet::key_of(profile.shard, member)) {
        Err(Fault::Unreadable(_)) => return Ok(()),
        record => record?,
    };
    let wallet = record.as_ref().and_then(Wallet::from_record);
    if !wallet.is_some_and(|wallet| wallet.profiles.contains(&profile.id)) {
        report.find(format!("{name} is member {}'s and not in their wallet.", member.0));
    }
    Ok(())
}
