//! `/phoneverification/request`: sends a code. The request is durable before the message leaves,
//! and no transaction waits for the provider.

use contract::phone_verification::request::{
    PhoneVerificationRequest, PhoneVerificationRequestResult,
};
use domain::audit::AuditEvent;
use domain::language::Language;
use domain::phone::{PhoneNumber, RequestCode, SmsCode};
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;
use tracing::warn;

use super::{device, number};
use crate::access::signature::{Claim, SignedParts};
use crate::app::App;
use crate::idempotency::Body;
use crate::keys::random;
use crate::operations::answer::{answer, answers};
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK, told, wrong};
use crate::operations::{Call, marks, origin};
use crate::sms::{SmsMessage, code_text};

/// The name that is signed.
const OPERATION: &str = "PhoneVerificationRequest";

answers!(PhoneVerificationRequestResult, status_message);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| send(app, call, request).await).await
}

async fn send(
    app: &App,
    call: &Call<'_>,
    mut request: PhoneVerificationRequest,
) -> Result<PhoneVerificationRequestResult, Failure> {
    let claim = Claim::take(&mut request.signature, &mut request.request_unix_utc_time_stamp);
    let device_id = request.device_id.as_deref();
    let parts = SignedParts { operation: OPERATION, device_id, phone_verification_number: None };
    let signed = origin::check_signature(app, call, claim, &parts).await?;
    marks::use_up(app, call, signed.as_ref(), &Body::of(&request, None)).await?;
    let (asked, language) = read(app, &request)?;
    if asked.device.is_none() && origin::is_app(call) {
        let message = "Name the device that will speak for the phone.";
        return Err(Failure::invalid(vec![wrong("DeviceId", message)]));
    }
    let sender = app.sms.sender().ok_or_else(not_available)?;
    if !app.access.take_message(call.client.address) {
        let (caller, address) = (call.principal.as_deref(), call.client.address);
        app.access.turned_away(AuditEvent::TooManyRequests, caller, address, OPERATION);
        return Err(too_many().into());
    }
    let token = asked.handle().text();
    let (number, text) = (asked.number.clone(), code_text(asked.code, language));
    app.store.submit(asked).await?;
    let sent = sender.send(&SmsMessage { number, text }).await;
    if let Err(fault) = &sent {
        warn!(%fault, "a code could not be sent");
    }
    Ok(result(token, sent.is_ok()))
}

fn result(token: String, sent_success: bool) -> PhoneVerificationRequestResult {
    let (status_code, message) = match sent_success {
        true => (STATUS_OK, MESSAGE_OK.to_owned()),
        false => told(
            Code::GatewayUnavailable,
            "The message could not be sent. If it arrives all the same, its code is good; else \
             ask again in a minute.",
        ),
    };
    let (token, status_message) = (Some(token), Some(message));
    PhoneVerificationRequestResult { token, sent_success, status_code, status_message }
}

fn read(app: &App, request: &PhoneVerificationRequest) -> Result<(RequestCode, Language), Failure> {
    let mut problems = Vec::new();
    let mut problem = |problem| problems.push(problem);
    let number = number(request.full_phone_number.as_deref()).map_err(&mut problem).ok();
    let device = device(request.device_id.as_deref()).map_err(&mut problem);
    let language = language(request.language.as_deref(), number.as_ref());
    if language.is_none() {
        problem(wrong("Language", "Say is or en."));
    }
    let (Some(number), Ok(device), Some(language)) = (number, device, language) else {
        return Err(Failure::invalid(problems));
    };
    let code = SmsCode::of_random(u64::from_be_bytes(random()?));
    Ok((RequestCode { number, device, secret: app.secret()?, code }, language))
}

/// Icelandic numbers are written to in Icelandic, unless another language is asked for.
fn language(tag: Option<&str>, number: Option<&PhoneNumber>) -> Option<Language> {
    match tag.map(str::trim).filter(|tag| !tag.is_empty()) {
        Some(tag) => Language::of_tag(tag),
        None if number.is_none_or(PhoneNumber::is_at_home) => Some(Language::Icelandic),
        None => Some(Language::English),
    }
}

fn not_available() -> Refusal {
    let message = "No messages can be sent here, because no SMS provider is set up; nothing was \
                   stored. Tell whoever runs this service.";
    Refusal::new(Code::SmsNotAvailable, message)
}

fn too_many() -> Refusal {
    let message = "Too many codes were asked for from this address, or from all together; none was \
                   sent. Try again in a minute.";
    Refusal::new(Code::TooManyRequests, message)
}
