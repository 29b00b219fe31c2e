//! How operations of clubs answer: a result, or an error of HTTP that names a stable code
//! (`domain.md` §1.3, the family of contract sold).

use service::matched::Matched;
use service::reply::Reply;
use wire::{Record, Value};

use crate::operations::family::Failure;

/// Binds the request, runs the operation, and answers with its result or with why there is none.
pub(in crate::operations) async fn answer<Q: Record, R: Value>(
    matched: &Matched<'_, '_>,
    run: impl AsyncFnOnce(Q) -> Result<R, Failure>,
) -> Reply {
    let request = match matched.bind::<Q>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match run(request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => failure.error_reply(matched),
    }
}
