//! `DELETE /sales/member/{MemberId}/payment/profile/{PaymentProfileId}`: a means of paying that
//! pays nothing any more. The janitor tells its gateway.

use contract::clubs::profiles::remove::{RemovePaymentProfile, RemovePaymentProfileResponse};
use domain::audit::AuditEvent;
use domain::profile::RemoveProfile;
use service::matched::Matched;
use service::reply::Reply;

use super::{Holder, asked, note, number};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| remove(app, call, request).await).await
}

async fn remove(
    app: &App,
    call: &Call<'_>,
    request: RemovePaymentProfile,
) -> Result<RemovePaymentProfileResponse, Failure> {
    let asked = asked!(request, "RemovePaymentProfile");
    let holder = Holder::find(app, call, &asked, request.member_id).await?;
    let id = number(request.payment_profile_id.as_deref())?;
    let (shard, member) = (holder.chain(), holder.member);
    let detail = format!("member {}, profile {}", member.0, id.0);
    let note = note(call, &holder.by, AuditEvent::ProfileRemoved, &detail);
    app.store.submit(RemoveProfile { shard, member, id, note }).await?;
    let description = Some("It is removed and pays nothing any more.".to_owned());
    Ok(RemovePaymentProfileResponse { success: true, description })
}
