//! `GET /sandbox/challenge/{Handle}`: the page of the sandbox's bank, where the sandbox runs in
//! this process.

use contract::sandbox_challenge::SandboxChallenge;
use contract::three_d_secure_return::PAGE_TYPE;
use service::matched::Matched;
use service::reply::Reply;

use super::{language, return_page};
use crate::app::App;
use crate::operations::Call;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<SandboxChallenge>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let handle = request.handle.unwrap_or_default();
    match app.till.challenge_page(&handle, language(call.headers)) {
        Some(page) => return_page::guarded(Reply::new(200, PAGE_TYPE, page.into_bytes())),
        None => Reply::not_found(),
    }
}
