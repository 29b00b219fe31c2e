//! Payments that are opened first and paid later, in a browser or by the till.

use domain::attempt::{CallResult, DeclineReason};

use super::{Book, Decision, Standing, applied, repeated};
use crate::receipt::Receipt;
use crate::sandbox::behaviour::{Behaviour, Loss, loss_of};
use crate::sandbox::line::{CardFacts, Handling, LogLine, Request};

impl Book {
    /// The key of the open payment of this name.
    pub(in crate::sandbox) fn open_payment(&self, handle: &str) -> Option<&str> {
        self.open.get(handle).map(String::as_str)
    }

    /// Pays an open payment. It cannot be paid in part, and what is declined leaves it open.
    pub(super) fn pay_open(&self, key: &str, request: &Request) -> Decision {
        let Some(known) = self.records.get(key) else { return self.look_up(key) };
        let (Standing::Open, Some(money)) = (known.standing, known.request.money) else {
            return repeated(known);
        };
        let asks_holder = matches!(
            request.card.as_ref().map(|card| card.behaviour),
            Some(Behaviour::Challenge | Behaviour::ChallengeThenDecline)
        );
        if asks_holder && request.proof.is_none() {
            let handle = known.request.handle.clone().unwrap_or_default();
            return applied(CallResult::ChallengeRequired(handle));
        }
        let handling = match loss_of(money) {
            None => Handling::Applied,
            Some(Loss::AfterExecution) => Handling::AnswerLost,
            Some(Loss::BeforeExecution) => Handling::NothingDone,
        };
        let outcome = match self.charge(&Request { money: Some(money), ..request.clone() }, money) {
            CallResult::PartiallyApproved(..) => {
                CallResult::Declined(DeclineReason::InsufficientFunds)
            }
            whole => whole,
        };
        Decision { handling, outcome }
    }

    pub(super) fn apply_open_paid(&mut self, line: LogLine) {
        let moved = line.moved();
        self.spend_token(line.request.token.as_ref());
        self.spend_proof(&line.request);
        self.change_balance(&line.request, -moved);
        let Some(payment) = self.records.get_mut(&line.key).filter(|_| moved > 0) else { return };
        payment.standing = Standing::of_charge(payment.request.operation, &line.outcome);
        payment.moved = moved;
        payment.outcome = line.outcome;
        payment.request.card = line.request.card;
    }

    /// What may be shown of what was taken or reserved with this key.
    pub(in crate::sandbox) fn receipt(&self, key: &str) -> Option<Receipt> {
        let known = self.records.get(key).filter(|known| known.moved > 0)?;
        let CallResult::Approved(approval) = &known.outcome else { return None };
        let money = known.request.money?;
        let answer = serde_json::json!({
            "id": approval.reference,
            "object": "sandbox_charge",
            "amount": known.moved,
            "currency": money.currency.code(),
        });
        Some(Receipt {
            url: None,
            last_four: known.request.card.as_ref().map(last_four),
            brand: known.request.card.as_ref().and_then(brand).map(str::to_owned),
            answer: Some(answer.to_string()),
        })
    }
}

fn last_four(card: &CardFacts) -> String {
    super::ending(card).to_owned()
}

fn brand(card: &CardFacts) -> Option<&'static str> {
    match card.mask.as_bytes() {
        [b'4', ..] => Some("visa"),
        [b'5', b'1'..=b'5', ..] => Some("mastercard"),
        [b'3', b'4' | b'7', ..] => Some("amex"),
        _ => None,
    }
}
