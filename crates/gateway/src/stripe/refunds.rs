//! Refunds: each under its own key, and found again by it in the payment's list.

use domain::attempt::{Approval, CallResult, DeclineReason};

use super::answer::{Page, Refund};
use super::intents::KEY_MEMBER;
use super::wire::{is_success, told, unreadable};
use super::{NOT_SENDABLE, StripeGateway, is_key, is_plain, units};
use crate::gateway::{ChargeName, PaymentRequest};
use crate::silence::Sending;

/// How many refunds of one payment are looked through: as many as Stripe tells at once.
const REFUNDS_MAX: u8 = 100;

impl StripeGateway {
    /// Gives money back; see [`crate::Gateway::refund`].
    pub(super) async fn give_back(
        &self,
        request: &PaymentRequest<'_>,
        charge: &ChargeName<'_>,
    ) -> CallResult {
        if !is_key(request.key) || !is_plain(charge.reference) {
            return CallResult::Unknown(NOT_SENDABLE.into());
        }
        let Ok(units) = units::units(request.money) else {
            return CallResult::Unknown(units::Inexact.to_string());
        };
        let amount = units.to_string();
        let form = [
            ("payment_intent", charge.reference),
            ("amount", amount.as_str()),
            (KEY_MEMBER, request.key),
        ];
        let answer = match self.wire.post("/v1/refunds", &form, Some(request.key)).await {
            Ok(answer) => answer,
            Err(silence) => return silence.result(Sending::Repeatable),
        };
        if is_success(&answer) {
            let refund = answer.json::<Refund>();
            return refund.map_or_else(unreadable, |refund| judge(&refund, units));
        }
        self.refused_refund(request.key, charge.reference, units, answer.status).await
    }

    /// A refusal may be about a repeat, and a fault of Stripe's is repeated for as long as it
    /// remembers the key. What counts is whether the payment has a refund of this key.
    async fn refused_refund(
        &self,
        key: &str,
        payment: &str,
        units: i64,
        status: u16,
    ) -> CallResult {
        let path = format!("/v1/refunds?payment_intent={payment}&limit={REFUNDS_MAX}");
        let page: Page<Refund> = match told(self.wire.get(&path).await) {
            Ok(page) => page,
            Err(result) => return result,
        };
        if let Some(made) = page.data.iter().find(|refund| refund.key() == Some(key)) {
            return judge(made, units);
        }
        match status {
            // More than there is to give back, or a payment that cannot be given back.
            400 | 402 | 404 if !page.has_more => CallResult::Declined(DeclineReason::Soft),
            _ => CallResult::Unknown(format!("Stripe answered with status {status}.")),
        }
    }
}

/// A pending refund is on its way; should it fail later, Stripe says so in a message of its own
/// and a person is asked.
fn judge(refund: &Refund, units: i64) -> CallResult {
    match refund.status.as_str() {
        _ if refund.amount != units => {
            CallResult::Unknown("Stripe gave back another amount than was asked for.".into())
        }
        "succeeded" | "pending" | "requires_action" => {
            CallResult::Approved(Approval { reference: refund.id.clone(), ..Approval::default() })
        }
        "failed" | "canceled" => CallResult::Declined(DeclineReason::Soft),
        _ => CallResult::Unknown("Stripe tells a state that is not known here.".into()),
    }
}
