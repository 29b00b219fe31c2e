//! `POST /sales/member/{MemberId}/payment/profile/{PaymentProfileId}/prefer`: which means of
//! paying a member prefers.

use contract::clubs::profiles::PaymentProfileResponse;
use contract::clubs::profiles::prefer::PreferPaymentProfile;
use domain::audit::AuditEvent;
use domain::profile::PreferProfile;
use service::matched::Matched;
use service::reply::Reply;

use super::{Holder, asked, note, number};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| prefer(app, call, request).await).await
}

async fn prefer(
    app: &App,
    call: &Call<'_>,
    request: PreferPaymentProfile,
) -> Result<PaymentProfileResponse, Failure> {
    let asked = asked!(request, "PreferPaymentProfile");
    let holder = Holder::find(app, call, &asked, request.member_id).await?;
    let id = number(request.payment_profile_id.as_deref())?;
    let (shard, member) = (holder.chain(), holder.member);
    let detail = format!("member {}, profile {}", member.0, id.0);
    let note = note(call, &holder.by, AuditEvent::ProfilePreferred, &detail);
    app.store.submit(PreferProfile { shard, member, id, note }).await?;
    Ok(holder.profile(app, id).await?.response(app, "It is preferred from now on."))
}
