//! By what a sale is known when it comes again (`payments.md` §6.5): the caller's key, or else the
//! `ProfileToken` that it shows, which is good for one use and for the same one again (§4.3).

use domain::idempotency::Marks;

use super::methods::Methods;
use crate::app::App;
use crate::idempotency::{Body, is_key};
use crate::operations::Call;
use crate::operations::clubs::caller::ClubCaller;
use crate::operations::family::{Failure, wrong};

/// The marks of a request with this body, which asks for `operation`.
///
/// # Errors
/// A failure naming the header when the caller's key is none; a fault of the store.
pub(in crate::operations::clubs) async fn marks(
    app: &App,
    call: &Call<'_>,
    by: &ClubCaller,
    (operation, body): (&str, &Body),
    methods: &Methods,
) -> Result<Marks, Failure> {
    let key = call.idempotency_key;
    if key.is_some_and(|key| !is_key(key)) {
        let message = "It must have 1 to 255 printable characters.";
        return Err(Failure::invalid(vec![wrong("Idempotency-Key", message)]));
    }
    // With what the request says, so that another request is another sale, which cannot use it.
    let shown = methods.profile_token();
    let shown = shown.map(|token| format!("profile token {} {:x}", token.id.0, token.request));
    let Some(key) = key.map(str::to_owned).or(shown) else { return Ok(Marks::default()) };
    let identity = body.under_key(by.caller.id.0, operation, &key);
    let today = app.clock.now().day();
    let earlier = app.store.idempotency_before(by.chain, identity.hash, today).await?;
    Ok(Marks { key: Some(identity), signature: None, earlier })
}
