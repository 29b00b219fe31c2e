//! Where a request comes from, for operations that apps call: signature first, then phone
//! (`domain.md` §1.4–1.6, §3.6 rule 1).

use domain::audit::AuditEvent;
use domain::ids::PhoneId;
use domain::phone::{Handle, PhoneNumber};
use domain::refusal::{Code, Refusal};

use super::Call;
use super::family::{Failure, wrong};
use crate::access::phones::{PhoneProof, VerifiedPhone};
use crate::access::signature::{APP_ROLE, Claim, NotSigned, SignatureUsed, SignedParts};
use crate::app::App;
use crate::text;

/// Roles of people and programs at a box office, who need not prove a phone.
const OFFICE_ROLES: [&str; 2] = ["Admin", "TeamAdmin"];

/// The longest text that a box office may give for a phone, in characters (`domain.md` §1.7).
const PHONE_LENGTH_MAX: usize = 255;

impl From<NotSigned> for Failure {
    fn from(error: NotSigned) -> Failure {
        match error {
            NotSigned::Refused(refusal) => refusal.into(),
            NotSigned::Fault(fault) => fault.into(),
        }
    }
}

/// Where a request comes from, as far as it was proved or told.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The signature that the request used up, if it was signed.
    pub(super) signature: Option<SignatureUsed>,
    /// The phone that the buyer's device has proved.
    pub(super) phone: Option<VerifiedPhone>,
    /// The phone that a box office gave without a proof: in international form if it can be read
    /// as a number, else as it was typed.
    pub(super) phone_told: Option<String>,
}

impl Origin {
    /// The phone that the goods belong to, in international form where it was proved.
    pub(super) fn phone_number(&self) -> Option<String> {
        let proved = self.phone.as_ref().map(|phone| phone.number.text().to_owned());
        proved.or_else(|| self.phone_told.clone())
    }

    /// The number of the phone that was proved: saved cards are those of this phone.
    pub(super) fn proved_number(&self) -> Option<&str> {
        self.phone.as_ref().map(|phone| phone.number.text())
    }

    /// Its published number, if it was proved.
    pub(super) fn phone_id(&self) -> Option<PhoneId> {
        self.phone.as_ref().map(|phone| phone.id)
    }

    /// The phone, for what is done for its owner alone.
    ///
    /// # Errors
    /// [`Code::PhoneVerificationRequired`]
    pub(super) fn proved(&self) -> Result<&VerifiedPhone, Refusal> {
        self.phone.as_ref().ok_or_else(required)
    }
}

/// Checks where a request comes from. The app must sign and prove a phone; a box office may give
/// a phone number where the app gives its token.
///
/// # Errors
/// [`Code::SignatureInvalid`], [`Code::RequestExpired`], [`Code::PhoneVerificationRequired`],
/// [`Code::PhoneVerificationInvalid`], [`Code::PhoneVerificationDeviceMismatch`], or a fault.
pub(super) async fn check(
    app: &App,
    call: &Call<'_>,
    claim: Claim,
    parts: &SignedParts<'_>,
) -> Result<Origin, Failure> {
    let signature = check_signature(app, call, claim, parts).await?;
    let origin = Origin { signature, ..Origin::default() };
    let told = text::checked_line(parts.phone_verification_number, PHONE_LENGTH_MAX)
        .map_err(|message| Failure::invalid(vec![wrong("PhoneVerificationNumber", message)]))?;
    match told.map(|told| (Handle::parse(&told), told)) {
        Some((Some(token), _)) => {
            let phone = Some(proved(app, &token, parts.device_id).await?);
            Ok(Origin { phone, ..origin })
        }
        Some((None, _)) if is_app(call) => Err(invalid().into()),
        Some((None, told)) => Ok(Origin { phone_told: Some(readable(&told)), ..origin }),
        None if is_app(call) => Err(required().into()),
        None => Ok(origin),
    }
}

/// Checks the signature alone, for what is done before a phone is proved.
///
/// # Errors
/// [`Code::SignatureInvalid`], [`Code::RequestExpired`], or a fault.
pub(super) async fn check_signature(
    app: &App,
    call: &Call<'_>,
    claim: Claim,
    parts: &SignedParts<'_>,
) -> Result<Option<SignatureUsed>, Failure> {
    Ok(app.access.check_signature(claim, parts, is_app(call)).await?)
}

/// Tells the audit of a request that was refused for its signature.
pub(super) fn audit(app: &App, call: &Call<'_>, operation: &str, failure: &Failure) {
    let Failure::Refused(refusal) = failure else { return };
    let codes = [Code::SignatureInvalid, Code::RequestExpired, Code::SignatureReplayed];
    if codes.contains(&refusal.code) {
        let (caller, address) = (call.principal.as_deref(), call.client.address);
        app.access.turned_away(AuditEvent::Forbidden, caller, address, operation);
    }
}

/// Whether the caller is the app and nothing more.
pub(super) fn is_app(call: &Call<'_>) -> bool {
    let roles = call.principal.as_ref().map(|caller| caller.roles.as_slice()).unwrap_or_default();
    let has = |name: &str| roles.iter().any(|role| role == name);
    has(APP_ROLE) && !OFFICE_ROLES.into_iter().any(has)
}

/// The phone behind a token, if this device has proved it.
pub(super) async fn proved(
    app: &App,
    token: &Handle,
    device: Option<&str>,
) -> Result<VerifiedPhone, Failure> {
    let device = device.map(str::trim).filter(|device| !device.is_empty());
    match app.access.phone_proof(token, device).await? {
        PhoneProof::Good(phone) => Ok(phone),
        PhoneProof::OtherDevice => {
            let message = "The phone was verified on another device; verify it on this one.";
            Err(Refusal::new(Code::PhoneVerificationDeviceMismatch, message).into())
        }
        PhoneProof::Unknown => Err(invalid().into()),
    }
}

/// What a box office told, as it may be stored: people type cards into any field.
pub(super) fn readable(told: &str) -> String {
    match PhoneNumber::parse(told) {
        Some(number) => number.text().to_owned(),
        None => gateway::masking::mask_card_numbers(told).into_owned(),
    }
}

fn required() -> Refusal {
    let message = "Verify a phone first (/phoneverification/request) and send the token as \
                   phoneVerificationNumber; nothing was done.";
    Refusal::new(Code::PhoneVerificationRequired, message)
}

/// The same for a token that nobody was given, one that has expired and one that was ended.
pub(super) fn invalid() -> Refusal {
    let message = "The phone is not verified, or no longer; verify it again. Nothing was done.";
    Refusal::new(Code::PhoneVerificationInvalid, message)
}
