//! The one way in which operations of the first family answer: read the request, do the work, say
//! what came of it or why nothing did.

use service::matched::Matched;
use service::reply::Reply;
use wire::{Record, Value};

use super::family::{Failure, MESSAGE_OK, STATUS_OK};
use super::{Call, origin};
use crate::app::App;

/// A result of the first family: it has a `statusCode` and a `message`, whatever else it says.
pub(super) trait Answer: Value + Default {
    /// The result with this standing.
    fn standing(self, status_code: i32, message: String) -> Self;
}

/// Says which member of a result is the message, where it is not `message`.
macro_rules! answers {
    ($result:ty) => {
        $crate::operations::answer::answers!($result, message);
    };
    ($result:ty, $message:ident) => {
        impl $crate::operations::answer::Answer for $result {
            fn standing(mut self, status_code: i32, message: String) -> Self {
                self.status_code = status_code;
                self.$message = Some(message);
                self
            }
        }
    };
}
pub(super) use answers;

/// A success of which nothing else is said yet.
pub(super) fn ok<R: Answer>() -> R {
    R::default().standing(STATUS_OK, MESSAGE_OK.to_owned())
}

/// A refusal as a result.
pub(super) fn refused<R: Answer>(status_code: i32, message: String) -> R {
    R::default().standing(status_code, message)
}

/// Binds the request, runs the operation, and answers with its result or with why there is none.
/// The audit is told of requests that are refused for their signature.
pub(super) async fn answer<Q: Record, R: Answer>(
    app: &App,
    matched: &Matched<'_, '_>,
    call: &Call<'_>,
    run: impl AsyncFnOnce(Q) -> Result<R, Failure>,
) -> Reply {
    let request = match matched.bind::<Q>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match run(request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => {
            origin::audit(app, call, matched.operation.name(), &failure);
            failure.reply(matched, refused::<R>)
        }
    }
}
