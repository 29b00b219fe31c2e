//! `POST /sales/paymentprofile/import`: a new means of paying is put on file with its
//! `ProfileToken`.

use contract::clubs::profiles::PaymentProfileResponse;
use contract::clubs::profiles::import::ImportPaymentProfile;
use domain::audit::AuditEvent;
use domain::ids::MemberId;
use domain::profile::{ImportProfile, PaymentProfile, ProfileOwner, ProfileTokenUse};
use domain::record::word;
use service::matched::Matched;
use service::reply::Reply;

use super::{asked, check_store, note, on_file, profile_token, shown};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::clubs::caller::{ClubCaller, club_caller};
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| read(app, call, request).await).await
}

async fn read(
    app: &App,
    call: &Call<'_>,
    request: ImportPaymentProfile,
) -> Result<PaymentProfileResponse, Failure> {
    let by = club_caller(app, call, &asked!(request, "ImportPaymentProfile")).await?;
    let named = request.new_owner_id.filter(|number| *number != 0);
    let member = named.map(|number| by.member(number)).transpose()?;
    if let Some(member) = member {
        check_store(app, &by, member).await?;
    }
    let keeps_preference = request.do_not_update_payment_type_preference.unwrap_or(false);
    let mark = Mark { member, keeps_preference }.hash();
    let token = profile_token(app, by.chain, request.profile_token.as_ref(), mark)?;
    let import = Import { member, token, keeps_preference };
    import.carry_out(app, call, &by).await
}

/// What makes two requests the same that show one token, whoever signs them and however they are
/// written.
pub(super) struct Mark {
    pub(super) member: Option<MemberId>,
    pub(super) keeps_preference: bool,
}

impl Mark {
    pub(super) fn hash(&self) -> u128 {
        let member = self.member.map_or(0, |member| member.0);
        let text = format!("import {member} {}", self.keeps_preference);
        word("use of a profile token", &text)
    }
}

/// An import, read.
pub(super) struct Import {
    pub(super) member: Option<MemberId>,
    pub(super) token: ProfileTokenUse,
    pub(super) keeps_preference: bool,
}

impl Import {
    /// Carries it out, or finds what it led to before.
    pub(super) async fn carry_out(
        self,
        app: &App,
        call: &Call<'_>,
        by: &ClubCaller,
    ) -> Result<PaymentProfileResponse, Failure> {
        if self.member.is_none() {
            by.any_member()?;
            self.check_owner(app, by).await?;
        }
        let detail = format!("profile {}", self.token.id.0);
        let command = ImportProfile {
            shard: by.chain,
            member: self.member,
            token: self.token,
            keeps_preference: self.keeps_preference,
            note: note(call, by, AuditEvent::ProfileImported, &detail),
        };
        let imported = app.store.submit(command).await?;
        let known = on_file(app, by.chain, imported.member).await?;
        let known = known.into_iter().find(|known| known.profile.id == imported.profile.id);
        let profile =
            known.unwrap_or(shown::OnFile { profile: imported.profile, is_preferred: false });
        Ok(profile.response(app, "It is on file."))
    }

    /// Where nobody is named, the card goes to whom the vault was told: a caller that is limited
    /// to stores may not put it on file for a member of another one.
    async fn check_owner(&self, app: &App, by: &ClubCaller) -> Result<(), Failure> {
        let key = PaymentProfile::key_of(by.chain, self.token.id);
        let profile = app.store.read::<PaymentProfile>(key).await?;
        match profile.map(|profile| profile.owner) {
            Some(ProfileOwner::Member(member)) => check_store(app, by, member).await,
            Some(ProfileOwner::Stranger) | None => Ok(()),
        }
    }
}
