//! Capture, cancel and refund (`payments.md` §1.2).
//!
//! Capture and cancel may be sent again, because the gateway refuses the second: whatever leaves
//! it open what happened, the payment is read. A refund is never sent again by itself.

use domain::attempt::{Approval, CallResult};
use serde::Serialize;

use super::paying::{path_of, refunded};
use super::payment::{Payment, Status, movement_result};
use super::{Borgun, Reply, STATUS_BAD_REQUEST, STATUS_OK};
use crate::client::Message;
use crate::gateway::{ChargeName, PaymentRequest};
use crate::silence::Sending;

/// How much goes back.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RefundBody {
    partial_amount: i64,
}

/// What is to become of a reservation.
#[derive(Clone, Copy)]
enum End {
    Captured,
    Cancelled,
}

impl Borgun {
    pub(super) async fn capture_reserved(&self, charge: &ChargeName<'_>) -> CallResult {
        self.end(charge, "capture", End::Captured).await
    }

    pub(super) async fn cancel_reserved(&self, charge: &ChargeName<'_>) -> CallResult {
        self.end(charge, "cancel", End::Cancelled).await
    }

    async fn end(&self, charge: &ChargeName<'_>, verb: &str, end: End) -> CallResult {
        let Some(path) = path_of(charge.reference, verb) else { return nameless() };
        let (said, is_refused) = match self.exchange(Message::put(&path)).await {
            Ok(reply) => (reply.movement_result(charge), reply.status == STATUS_BAD_REQUEST),
            Err(silence) => (silence.result(Sending::Repeatable), false),
        };
        let said = match said {
            CallResult::Approved(_) => return said,
            // It may be a repeat: that this one was refused says nothing about the first.
            CallResult::Misconfigured(reason) => CallResult::Unknown(reason),
            said => said,
        };
        match self.read(charge.reference).await {
            Ok(payment) => ended(&payment, end, charge).unwrap_or(if is_refused {
                CallResult::NotExecuted(format!("The gateway refused to {verb} the reservation."))
            } else {
                said
            }),
            Err(_) if is_refused => unread(verb),
            Err(_) => said,
        }
    }

    /// Gives back. After a lost answer the payment tells about a refund of all of it, and only of
    /// that; about a part nobody can say more than a person.
    pub(super) async fn give_back(
        &self,
        request: &PaymentRequest<'_>,
        charge: &ChargeName<'_>,
    ) -> CallResult {
        let amount = match refunded(request) {
            Ok(amount) => amount,
            Err(result) => return result,
        };
        let Some(path) = path_of(charge.reference, "refund") else { return nameless() };
        let body = RefundBody { partial_amount: amount.units };
        let said = match self.exchange(Message::put(&path).json(&body)).await {
            Ok(reply) => reply.movement_result(charge),
            Err(silence) => silence.result(Sending::Once),
        };
        if !matches!(said, CallResult::Unknown(_)) {
            return said;
        }
        match self.read(charge.reference).await {
            Ok(payment) if is_back(&payment, amount.units) => approved(charge),
            _ => said,
        }
    }
}

impl Reply {
    fn movement_result(&self, charge: &ChargeName<'_>) -> CallResult {
        match (self.status, &self.document) {
            (STATUS_OK, Some(document)) => movement_result(document, charge.reference),
            (STATUS_OK, None) => CallResult::Unknown("The gateway's answer cannot be read.".into()),
            _ => self.failure(),
        }
    }
}

/// What the state of a payment says about the end it was to have; `None` while it is still
/// reserved, or unclear.
fn ended(payment: &Payment, end: End, charge: &ChargeName<'_>) -> Option<CallResult> {
    let not = |state: &str| Some(CallResult::NotExecuted(format!("It was {state} before.")));
    match (payment.status, end) {
        (Status::Captured | Status::Accepted, End::Captured)
        | (Status::Cancelled, End::Cancelled) => Some(approved(charge)),
        (Status::Captured | Status::Accepted, End::Cancelled) => not("captured"),
        (Status::Cancelled, End::Captured) => not("cancelled"),
        (Status::Refunded, _) => not("paid back"),
        (Status::Declined, _) => not("declined"),
        (Status::Uncaptured | Status::Unclear, _) => None,
    }
}

fn is_back(payment: &Payment, units: i64) -> bool {
    payment.status == Status::Refunded && payment.units == Some(units)
}

fn approved(charge: &ChargeName<'_>) -> CallResult {
    let reference = charge.reference.to_owned();
    CallResult::Approved(Approval { reference, ..Approval::default() })
}

fn nameless() -> CallResult {
    CallResult::NotExecuted("The payment has no name at the gateway; nothing was sent.".into())
}

fn unread(verb: &str) -> CallResult {
    CallResult::Unknown(format!("The gateway refused to {verb}, and does not say why."))
}
