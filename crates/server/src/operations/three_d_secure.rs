//! 3-D Secure for apps: start, the browser's return, finish (`payments.md` §1.8).

mod finish;
pub(super) mod return_page;
pub(super) mod return_url;
mod returned;
mod sandbox_page;
pub(super) mod start;

use contract::three_d_secure_start::ThreeDSecureResult;
use domain::enrolment::{Enrolment, ProofOwner};
use domain::language::Language;
use domain::refusal::{Code, Refusal};
use gateway::ChallengePage;
use gateway::sandbox::preferred_language;
use hyper::header::{ACCEPT_LANGUAGE, HeaderMap};
use service::types::DateTime;

use super::Call;
use super::answer::answers;
use super::family::{Failure, MESSAGE_OK, STATUS_OK, told, wrong};
use super::handlers::{Handler, handler};
use super::origin::Origin;
use crate::text;
use crate::three_d_secure::{NotProved, ProofText, Standing};

/// What serves these operations.
pub(super) static HANDLERS: &[Handler] = &[
    handler!(contract::three_d_secure_start::THREE_D_SECURE_START, start::serve),
    handler!(contract::three_d_secure_finish::THREE_D_SECURE_FINISH, finish::serve),
    handler!(contract::three_d_secure_return::THREE_D_SECURE_RETURN, returned::serve),
    handler!(contract::sandbox_challenge::SANDBOX_CHALLENGE, sandbox_page::serve),
];

/// The `statusCode` while the holder has a challenge to pass.
const STATUS_CHALLENGE: i32 = 202;

/// The longest name of a device, in characters (`domain.md` §1.7).
const DEVICE_LENGTH_MAX: usize = 255;

impl From<NotProved> for Failure {
    fn from(error: NotProved) -> Failure {
        match error {
            NotProved::Refused(refusal) => refusal.into(),
            NotProved::Store(error) => error.into(),
            NotProved::Key(error) => error.into(),
            NotProved::Overloaded => Failure::overloaded(),
        }
    }
}

/// Who may use the proof: the same caller, device and phone as the order's buyer.
fn owner(call: &Call<'_>, origin: &Origin, device_id: Option<&str>) -> Result<ProofOwner, Failure> {
    let device = text::kept(device_id, DEVICE_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("DeviceId", message)]))?;
    Ok(ProofOwner {
        principal: call.principal.as_ref().map(|caller| caller.id),
        device_id: device,
        phone: origin.phone_number(),
        ..ProofOwner::default()
    })
}

answers!(ThreeDSecureResult);

/// Where it stands, as published.
pub(super) fn result(standing: &Standing) -> ThreeDSecureResult {
    let Standing { enrolment, proof, page } = standing;
    let named = ThreeDSecureResult {
        order_id: Some(enrolment.order_id.text().to_owned()),
        expires_at_utc: DateTime::from_unix_microseconds(enrolment.expires_at().0),
        ..ThreeDSecureResult::default()
    };
    match proof {
        Some(token) => ThreeDSecureResult {
            status_code: STATUS_OK,
            message: Some(MESSAGE_OK.to_owned()),
            mpi_token: Some(ProofText::write(&enrolment.order_id, token)),
            card_token: enrolment.card_token.as_ref().map(|token| token.0.clone()),
            payment_type: Some(payment_type(enrolment).to_owned()),
            ..named
        },
        None => {
            let message = "The bank wants to ask the card's holder; show the challenge.";
            let (url, html) = match page.clone() {
                Some(ChallengePage::Url(url)) => (Some(url), None),
                Some(ChallengePage::Html(html)) => (None, Some(html)),
                None => (None, None),
            };
            ThreeDSecureResult {
                status_code: STATUS_CHALLENGE,
                message: Some(told(Code::AuthenticationRequired, message).1),
                challenge_url: url,
                challenge_html: html,
                ..named
            }
        }
    }
}

fn payment_type(enrolment: &Enrolment) -> &'static str {
    if enrolment.card_is_saved { "TokenMulti" } else { "TokenSingle" }
}

/// Addresses of our own server are told whole, because apps know no relative ones.
pub(super) fn with_base(standing: Standing, base_url: &str) -> Standing {
    let page = standing.page.map(|page| match page {
        ChallengePage::Url(url) if url.starts_with('/') => {
            ChallengePage::Url(format!("{base_url}{url}"))
        }
        page => page,
    });
    Standing { page, ..standing }
}

pub(super) fn no_order_id() -> Refusal {
    let message = "orderId has the 12 characters that the start gave.";
    Refusal::new(Code::AuthenticationInvalid, message)
}

/// The language of pages for whoever sent these headers.
fn language(headers: &HeaderMap) -> Language {
    preferred_language(headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}
