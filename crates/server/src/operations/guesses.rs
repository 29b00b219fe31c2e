//! Codes that people type in to get at something: the single-use code of a campaign, the code of a
//! hidden event. An app may try a few wrong ones, not many.

use domain::audit::AuditEvent;
use domain::refusal::{Code, Refusal};

use super::family::Failure;
use super::{Call, origin};
use crate::app::App;

/// What is said of a code that is nobody's.
const WRONG: [Code; 2] = [Code::AccessCodeRequired, Code::SpecialTicketInvalid];

/// Runs what looks at a code, if there `is_code` one. A wrong one from the app counts against the
/// address that it came from; a box office answers for itself. A right one is never refused for
/// those that are under way at the same time.
///
/// # Errors
/// [`Code::TooManyRequests`] after too many wrong codes, or what `run` fails with.
pub(super) async fn counted<T>(
    app: &App,
    call: &Call<'_>,
    is_code: bool,
    run: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    if !is_code || !origin::is_app(call) {
        return run.await;
    }
    let address = call.client.address;
    if !app.access.may_guess_code(address) {
        let (event, caller) = (AuditEvent::TooManyRequests, call.principal.as_deref());
        app.access.turned_away(event, caller, address, "a code of a campaign or event");
        let message = "Too many wrong codes came from this address; this one was not looked at. \
                       Try again in a minute.";
        return Err(Refusal::new(Code::TooManyRequests, message).into());
    }
    let done = run.await;
    if matches!(&done, Err(Failure::Refused(refusal)) if WRONG.contains(&refusal.code)) {
        app.access.count_wrong_guess(address);
    }
    done
}
