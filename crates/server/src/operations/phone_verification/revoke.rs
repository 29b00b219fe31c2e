//! `/phoneverification/revoke`: a device that signs out, an owner who has lost the phone.

use contract::phone_verification::revoke::{
    PhoneVerificationRevoke, PhoneVerificationRevokeResult,
};
use domain::audit::{AuditEvent, AuditNote};
use domain::phone::{Handle, Phone, PhoneNumber, RevokePhone, Revoked};
use domain::refusal::{Code, Refusal};
use service::access::{Principal as _, ROLE_ADMIN};
use service::matched::Matched;
use service::reply::Reply;

use crate::access::audit::note;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::Failure;
use crate::operations::signed::{self, signed};

signed!(PhoneVerificationRevoke, "PhoneVerificationRevoke");
answers!(PhoneVerificationRevokeResult, status_message);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let ended = revoke(app, call, request).await?;
        let revoked = i32::try_from(ended).unwrap_or(i32::MAX);
        Ok(PhoneVerificationRevokeResult { revoked, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn revoke(
    app: &App,
    call: &Call<'_>,
    mut request: PhoneVerificationRevoke,
) -> Result<usize, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let shown = request.phone_verification_number.as_deref().map(str::trim);
    let command = match (&origin.phone, shown.and_then(Handle::parse)) {
        (Some(phone), Some(token)) => {
            let other = request.other_devices;
            let revoked = if other { Revoked::Others(token) } else { Revoked::One(token) };
            RevokePhone { phone: phone.hash, revoked, note: None }
        }
        _ => by_office(app, call, origin.phone_told.as_deref()).await?,
    };
    let phone = command.phone;
    let ended = app.store.submit(command).await?;
    app.access.forget_phone(phone);
    Ok(ended)
}

/// An Admin ends all of a phone, and the audit tells.
async fn by_office(app: &App, call: &Call<'_>, told: Option<&str>) -> Result<RevokePhone, Failure> {
    let is_admin = call.principal.as_ref().is_some_and(|caller| caller.has_role(ROLE_ADMIN));
    let number = told.and_then(PhoneNumber::parse).filter(|_| is_admin).ok_or_else(|| {
        let message = "Send the token of a verified phone as phoneVerificationNumber; only an \
                       Admin may send a telephone number. Nothing was done.";
        Refusal::new(Code::PhoneVerificationRequired, message)
    })?;
    let phone = number.hash();
    let known = app.store.read::<Phone>(Phone::key_of(phone)).await?;
    let note = known.map(|known| audit(call, &known, &number));
    Ok(RevokePhone { phone, revoked: Revoked::All, note })
}

fn audit(call: &Call<'_>, phone: &Phone, number: &PhoneNumber) -> AuditNote {
    let by = call.by();
    let detail = format!("phone {} ({})", phone.id.0, number.masked());
    AuditNote { by: by.name, ..note(AuditEvent::PhoneRevoked, None, by.address, &detail) }
}
