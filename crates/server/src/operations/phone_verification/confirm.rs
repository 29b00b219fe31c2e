//! `/phoneverification/verification/{RequestId}/{Code}`: takes a code.

use contract::phone_verification::confirm::{
    PhoneVerificationConfirm, PhoneVerificationConfirmResult,
};
use domain::audit::AuditEvent;
use domain::phone::{ConfirmCode, Confirmed, Handle, SmsCode, unknown_request};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::device;
use crate::access::signature::{Claim, SignedParts};
use crate::app::App;
use crate::idempotency::Body;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::{Failure, told};
use crate::operations::{Call, marks, origin};

/// The name that is signed.
const OPERATION: &str = "PhoneVerificationConfirm";

answers!(PhoneVerificationConfirmResult, status_message);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let confirmed = confirm(app, call, request).await?;
        Ok(result(&confirmed))
    };
    answer(app, matched, call, run).await
}

async fn confirm(
    app: &App,
    call: &Call<'_>,
    mut request: PhoneVerificationConfirm,
) -> Result<Confirmed, Failure> {
    let claim = Claim::take(&mut request.signature, &mut request.request_unix_utc_time_stamp);
    let device_id = request.device_id.as_deref();
    let parts = SignedParts { operation: OPERATION, device_id, phone_verification_number: None };
    let signed = origin::check_signature(app, call, claim, &parts).await?;
    marks::use_up(app, call, signed.as_ref(), &Body::of(&request, None)).await?;
    let device = device(device_id).map_err(|problem| Failure::invalid(vec![problem]))?;
    let handle = request.request_id.as_deref().map(str::trim).and_then(Handle::parse);
    let handle = handle.ok_or_else(unknown_request)?;
    let command = ConfirmCode {
        handle,
        code: request.code.as_deref().and_then(SmsCode::parse),
        device,
        revoke_others: request.revoke_other_devices,
        secret: app.secret()?,
    };
    let confirmed = counted(app, call, command).await?;
    app.access.forget_phone(handle.phone);
    Ok(confirmed)
}

/// Takes the code, and counts a wrong one against where it came from: somebody may ask for codes
/// to any number of phones and try a few on each.
async fn counted(app: &App, call: &Call<'_>, command: ConfirmCode) -> Result<Confirmed, Failure> {
    let address = call.client.address;
    if !app.access.take_wrong_code(address) {
        let caller = call.principal.as_deref();
        app.access.turned_away(AuditEvent::TooManyRequests, caller, address, OPERATION);
        return Err(too_many().into());
    }
    let confirmed = app.store.submit(command).await;
    if !matches!(confirmed, Ok(Confirmed::Wrong { .. })) {
        app.access.give_wrong_code_back(address);
    }
    Ok(confirmed?)
}

fn too_many() -> Refusal {
    let message = "Too many wrong codes came from this address, or from all together; this one \
                   was not looked at. Try again in a minute.";
    Refusal::new(Code::TooManyRequests, message)
}

fn result(confirmed: &Confirmed) -> PhoneVerificationConfirmResult {
    match confirmed {
        Confirmed::Verified { phone, token, expires_at } => PhoneVerificationConfirmResult {
            token: Some(token.text()),
            code_matches: true,
            phone_verification_id: Some(int(phone.id.0)),
            phone_full_verification_number: Some(phone.number.clone()),
            valid_to: Some(utc(*expires_at)),
            tries_left: None,
            ..ok()
        },
        Confirmed::Wrong { tries_left } => {
            let message = format!("The code is wrong; {tries_left} more may be tried.");
            let (status_code, message) = told(Code::PhoneVerificationInvalid, &message);
            PhoneVerificationConfirmResult {
                tries_left: Some(i32::from(*tries_left)),
                status_code,
                status_message: Some(message),
                ..PhoneVerificationConfirmResult::default()
            }
        }
    }
}
