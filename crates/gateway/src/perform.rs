//! One call of the domain's loop, made with one gateway (`design.md` §7).

use std::time::Duration;

use domain::attempt::{CallResult, CallVerb, GatewayCall};
use domain::time::{Span, Timestamp};

use crate::gateway::{ChargeName, Gateway, PaymentRequest};
use crate::secret::Source;

/// Makes `call` with `gateway` and brings the result. Runs on a tokio runtime with timers.
///
/// A movement is not sent at or after its `send_before`; questions have no such limit. When the
/// call's deadline passes without an answer the result is [`CallResult::Unknown`]. Every other
/// result is handed on as the gateway gave it.
pub async fn perform(
    gateway: &dyn Gateway,
    call: &GatewayCall,
    source: Option<&Source>,
    now: Timestamp,
) -> CallResult {
    if moves_money(&call.verb) && now >= call.send_before {
        return too_late(gateway, &call.verb);
    }
    let deadline = deadline(gateway, call);
    match tokio::time::timeout(duration(deadline), dispatch(gateway, call, source)).await {
        Ok(result) => result,
        Err(_) => CallResult::Unknown(format!(
            "The gateway did not answer within {} ms.",
            deadline.as_milliseconds()
        )),
    }
}

/// A charge keeps the deadline it was written down with, because the janitor counts on it.
/// Whatever is asked later gets the time that is configured now: an attempt begun under too
/// short a deadline could otherwise never be settled.
fn deadline(gateway: &dyn Gateway, call: &GatewayCall) -> Span {
    match call.verb {
        CallVerb::Charge | CallVerb::Authorize => call.deadline,
        _ => gateway.terms().deadline,
    }
}

async fn dispatch(
    gateway: &dyn Gateway,
    call: &GatewayCall,
    source: Option<&Source>,
) -> CallResult {
    let (reserves, consent, handle) = (call.reserves, call.consent, call.handle.as_deref());
    let request = PaymentRequest::new(&call.key, call.money, call.deadline);
    let request = PaymentRequest { reserves, consent, handle, ..request };
    match (&call.verb, source) {
        (CallVerb::Charge, Some(source)) => gateway.sale(&request, source).await,
        (CallVerb::Authorize, Some(source)) => gateway.authorize(&request, source).await,
        (CallVerb::Charge | CallVerb::Authorize, None) => {
            CallResult::NotExecuted("There is no card to charge.".into())
        }
        (CallVerb::Capture { charge_key, reference }, _) => {
            gateway.capture(&request, &ChargeName { key: charge_key, reference }).await
        }
        (CallVerb::Void { charge_key, reference }, _) => {
            gateway.void(&request, &ChargeName { key: charge_key, reference }).await
        }
        (CallVerb::Refund { charge_key, reference }, _) => {
            gateway.refund(&request, &ChargeName { key: charge_key, reference }).await
        }
        (CallVerb::Lookup, _) => gateway.lookup(&request).await,
        (CallVerb::Fence, _) => gateway.fence(&request).await,
    }
}

/// Waits for a call that moves no money, as long as the gateway's terms say; `None` when it did
/// not answer in time.
pub async fn within<T>(gateway: &dyn Gateway, call: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(duration(gateway.terms().deadline), call).await.ok()
}

fn moves_money(verb: &CallVerb) -> bool {
    !matches!(verb, CallVerb::Lookup | CallVerb::Fence)
}

/// A refund may be a repeat where keys can be sent again, and a capture or a void always; that
/// this one did not leave says nothing about the earlier one.
fn too_late(gateway: &dyn Gateway, verb: &CallVerb) -> CallResult {
    let reason = "The call came too late to be sent, and was not.".to_owned();
    match verb {
        CallVerb::Refund { .. } if gateway.terms().resumable => CallResult::Unknown(reason),
        CallVerb::Capture { .. } | CallVerb::Void { .. } => CallResult::Unknown(reason),
        _ => CallResult::NotExecuted(reason),
    }
}

/// A span of the domain as the runtime's timers want it.
pub(crate) fn duration(span: Span) -> Duration {
    Duration::from_millis(span.as_milliseconds())
}
