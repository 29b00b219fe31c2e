//! What becomes of a reservation: its money is taken, or it is given up. Both may be asked for
//! more than once, so that whatever Stripe refuses is held against how the payment stands.

use domain::attempt::{Approval, CallResult};

use super::answer::Intent;
use super::intents::{EXPANDED, approval, path_of};
use super::wire::{is_success, unreadable};
use super::{NOT_SENDABLE, StripeGateway, is_key, units};
use crate::gateway::{ChargeName, PaymentRequest};
use crate::silence::Sending;

impl StripeGateway {
    /// Takes what was reserved; see [`crate::Gateway::capture`].
    pub(super) async fn take(
        &self,
        request: &PaymentRequest<'_>,
        charge: &ChargeName<'_>,
    ) -> CallResult {
        if !is_key(request.key) {
            return CallResult::Unknown(NOT_SENDABLE.into());
        }
        let Ok(units) = units::units(request.money) else {
            return CallResult::Unknown(units::Inexact.to_string());
        };
        let path = match path_of(charge.reference, "/capture") {
            Ok(path) => path,
            Err(result) => return result,
        };
        let amount = units.to_string();
        let form = [("amount_to_capture", amount.as_str()), EXPANDED];
        let answer = match self.wire.post(&path, &form, Some(request.key)).await {
            Ok(answer) => answer,
            Err(silence) => return silence.result(Sending::Repeatable),
        };
        if is_success(&answer) {
            let intent = answer.json::<Intent>();
            return intent.map_or_else(unreadable, |intent| taken(&intent, units));
        }
        match self.read(charge.reference).await {
            Ok(intent) if intent.status == "requires_capture" => not_taken(answer.status),
            Ok(intent) => taken(&intent, units),
            Err(result) => result,
        }
    }

    /// Gives a reservation up; see [`crate::Gateway::void`].
    pub(super) async fn release(
        &self,
        request: &PaymentRequest<'_>,
        charge: &ChargeName<'_>,
    ) -> CallResult {
        if !is_key(request.key) {
            return CallResult::Unknown(NOT_SENDABLE.into());
        }
        let cancelled = match self.cancel(charge.reference, Some(request.key)).await {
            Ok(intent) => Ok(intent),
            Err(_) => self.read(charge.reference).await,
        };
        match cancelled {
            Ok(intent) => released(&intent),
            Err(result) => result,
        }
    }
}

fn taken(intent: &Intent, units: i64) -> CallResult {
    match intent.status.as_str() {
        "succeeded" if intent.amount_received.is_none_or(|received| received == units) => {
            CallResult::Approved(approval(intent))
        }
        "succeeded" => CallResult::Unknown("Stripe took another amount.".into()),
        "canceled" => CallResult::NotExecuted("The reservation was given up.".into()),
        _ => CallResult::Unknown("Stripe did not take what was reserved.".into()),
    }
}

/// The reservation stands as before; only a refusal that is about this request ends it.
fn not_taken(status: u16) -> CallResult {
    let reason = format!("Stripe refused to take what was reserved, with status {status}.");
    match status {
        400 | 402 => CallResult::NotExecuted(reason),
        _ => CallResult::Unknown(reason),
    }
}

fn released(intent: &Intent) -> CallResult {
    match intent.status.as_str() {
        "canceled" => {
            CallResult::Approved(Approval { reference: intent.id.clone(), ..Approval::default() })
        }
        "succeeded" => CallResult::NotExecuted("The money was taken; only a refund helps.".into()),
        _ => CallResult::Unknown("Stripe did not give the reservation up.".into()),
    }
}
