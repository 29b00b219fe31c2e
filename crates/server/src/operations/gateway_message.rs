//! What all messages of gateways have in common: who may send them, when they are to come again,
//! and that they are counted.
//!
//! A gateway sends again what was not acknowledged. So a message that cannot be taken in now,
//! because the till is full, the store is busy or this node may not sell, is answered 503 with
//! `Retry-After`.

use std::sync::Arc;

use domain::refusal::Code;
use gateway::{Callback, Gateway};
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;
use tracing::warn;

use crate::app::App;
use crate::metrics::Received;
use crate::till::Place;

/// Seconds after which a gateway may send a message again.
const RETRY_AFTER_SECONDS: &str = "1";

/// Why a message is not acknowledged.
#[derive(Debug)]
pub(super) enum Untaken {
    /// It is not that gateway's, or cannot be read at all.
    Refused(ServiceError),
    /// Nothing was done with it now.
    Later,
}

impl From<ServiceError> for Untaken {
    fn from(error: ServiceError) -> Untaken {
        Untaken::Refused(error)
    }
}

/// The gateway of that name, if it sent the message and this node can act on it.
///
/// # Errors
/// [`Untaken::Refused`] with `SignatureInvalid` for a message of somebody else;
/// [`Untaken::Later`] while this node may not sell.
pub(super) fn sender(
    app: &App,
    name: &str,
    message: &Callback<'_>,
) -> Result<Arc<dyn Gateway>, Untaken> {
    let gateway = app.till.gateway(name).filter(|gateway| gateway.sent(message));
    let Some(gateway) = gateway else {
        let code = Code::SignatureInvalid;
        let text = "The message is not signed by that gateway, or too old; nothing was done.";
        return Err(ServiceError::new(code.status(), code.name(), text).into());
    };
    if !app.standing.is_ready() {
        return Err(later(&"this node may not sell now"));
    }
    Ok(gateway)
}

/// The right to have one more sale under way.
///
/// # Errors
/// [`Untaken::Later`] when as many are under way as may be.
pub(super) fn place(app: &App) -> Result<Place, Untaken> {
    app.till.place().ok_or_else(|| later(&"too many sales are under way"))
}

/// Says in the log why a message is to come again.
pub(super) fn later(reason: &dyn std::fmt::Display) -> Untaken {
    warn!(%reason, "a message of a gateway was not taken in; it will come again");
    Untaken::Later
}

/// The answer to a message to the gateway `name`; `taken` is what is said if it was taken in.
pub(super) fn reply(
    app: &App,
    matched: &Matched<'_, '_>,
    name: &str,
    taken: Result<Reply, Untaken>,
) -> Reply {
    let (reply, result) = match taken {
        Ok(reply) => (reply, Received::Taken),
        Err(Untaken::Refused(error)) => (matched.fail(&error), Received::Refused),
        Err(Untaken::Later) => {
            let text = "Nothing was done; send the message again in a second.";
            let busy = matched.fail(&ServiceError::new(503, "Overloaded", text));
            (busy.with_header("Retry-After", RETRY_AFTER_SECONDS), Received::Later)
        }
    };
    let is_known = app.till.gateway(name).is_some();
    app.messages.add(is_known.then_some(name), result);
    reply
}
