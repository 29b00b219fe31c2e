//! `POST /sales/member/{MemberId}/payment/profile`: the same as an import, for the member in the
//! address.

use contract::clubs::profiles::PaymentProfileResponse;
use contract::clubs::profiles::add::AddMemberPaymentProfile;
use service::matched::Matched;
use service::reply::Reply;

use super::import::{Import, Mark};
use super::{Holder, asked, profile_token};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| add(app, call, request).await).await
}

async fn add(
    app: &App,
    call: &Call<'_>,
    request: AddMemberPaymentProfile,
) -> Result<PaymentProfileResponse, Failure> {
    let asked = asked!(request, "AddMemberPaymentProfile");
    let holder = Holder::find(app, call, &asked, request.member_id).await?;
    let keeps_preference = request.do_not_update_payment_type_preference.unwrap_or(false);
    let member = Some(holder.member);
    let mark = Mark { member, keeps_preference }.hash();
    let token = profile_token(app, holder.chain(), request.profile_token.as_ref(), mark)?;
    Import { member, token, keeps_preference }.carry_out(app, call, &holder.by).await
}
