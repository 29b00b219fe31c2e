//! Where a request comes from, for operations that apps call: signature first, then phone
//! (`domain.md` §1.4–1.6, §3.6 rule 1).

use domain::audit::AuditEvent;
use domain::refusal::{Code, Refusal};

use super::Call;
use super::family::Failure;
use crate::access::signature::{APP_ROLE, Claim, NotSigned, SignatureUsed, SignedParts};
use crate::app::App;

/// Roles of people and programs at a box office, who need not prove a phone.
const OFFICE_ROLES: [&str; 2] = ["Admin", "TeamAdmin"];

impl From<NotSigned> for Failure {
    fn from(error: NotSigned) -> Failure {
        match error {
            NotSigned::Refused(refusal) => refusal.into(),
            NotSigned::Fault(fault) => fault.into(),
        }
    }
}

/// Checks it; answers with the signature that the request used up, if it was signed.
pub(super) async fn check(
    app: &App,
    call: &Call<'_>,
    claim: Claim,
    parts: &SignedParts<'_>,
) -> Result<Option<SignatureUsed>, Failure> {
    let is_app = is_app(call);
    let used = app.access.check_signature(claim, parts, is_app).await?;
    if is_app {
        let message = "The app acts for whoever proves a phone, and phones cannot be verified \
                       here yet; nothing was done.";
        return Err(Refusal::new(Code::PhoneVerificationRequired, message).into());
    }
    Ok(used)
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
fn is_app(call: &Call<'_>) -> bool {
    let roles = call.principal.as_ref().map(|caller| caller.roles.as_slice()).unwrap_or_default();
    let has = |name: &str| roles.iter().any(|role| role == name);
    has(APP_ROLE) && !OFFICE_ROLES.into_iter().any(has)
}
