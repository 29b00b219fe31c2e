//! `GET /sales/member/{MemberId}/payment/profiles`: what a member can pay with.

use contract::clubs::profiles::list::{MemberPaymentProfiles, MemberPaymentProfilesResponse};
use service::matched::Matched;
use service::reply::Reply;

use super::{Holder, asked, number, on_file};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| list(app, call, request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: MemberPaymentProfiles,
) -> Result<MemberPaymentProfilesResponse, Failure> {
    let asked = asked!(request, "MemberPaymentProfiles");
    let holder = Holder::find(app, call, &asked, request.member_id).await?;
    let shown = match request.payment_profile_id.as_deref().filter(|id| !id.trim().is_empty()) {
        Some(id) => vec![holder.profile(app, number(Some(id))?).await?],
        None => on_file(app, holder.chain(), holder.member).await?,
    };
    let payment_profiles = Some(shown.iter().map(|profile| profile.dto(app)).collect());
    Ok(MemberPaymentProfilesResponse { payment_profiles })
}
