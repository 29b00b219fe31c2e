//! Subscriptions: what a charge took once is taken again when a test says that a period is over.

use domain::agency::{PaidPeriod, SubscriptionStanding, SubscriptionTold};
use domain::attempt::{CallResult, DeclineReason};
use domain::money::Money;

use super::{Book, Decision, Standing, applied, not_executed};
use crate::sandbox::behaviour::{Behaviour, Loss, loss_of};
use crate::sandbox::line::{Handling, LogLine, Operation, Request};

/// A subscription and what it has taken.
#[derive(Debug)]
pub(super) struct Kept {
    /// The charge whose card pays.
    charge: String,
    money: Option<Money>,
    told: SubscriptionTold,
}

impl Book {
    /// What is told of the subscription of a key; `None` when there is none.
    pub(in crate::sandbox) fn subscription(&self, key: &str) -> Option<SubscriptionTold> {
        self.subscriptions.get(key).map(|kept| kept.told.clone())
    }

    pub(super) fn decide_subscription(&self, key: &str, request: &Request) -> Decision {
        match (self.subscriptions.get(key), request.operation) {
            (Some(_), Operation::Subscribe) => self.asked(),
            (None, Operation::Subscribe) => self.subscribe(request),
            (Some(kept), Operation::Renew) if kept.told.standing != SubscriptionStanding::Ended => {
                applied(self.approval(None))
            }
            (Some(_), Operation::EndSubscription) => applied(self.approval(None)),
            _ => Decision { handling: Handling::Asked, outcome: CallResult::NotFound },
        }
    }

    fn asked(&self) -> Decision {
        Decision { handling: Handling::Asked, outcome: self.approval(None) }
    }

    fn subscribe(&self, request: &Request) -> Decision {
        let Some(charge) = self.charge_of(request).filter(|it| it.standing == Standing::Taken)
        else {
            return applied(not_executed("Nothing was taken under that key."));
        };
        let loss = request.money.and_then(loss_of);
        if loss == Some(Loss::BeforeExecution) {
            let outcome = CallResult::Unknown("The connection was dropped.".into());
            return Decision { handling: Handling::NothingDone, outcome };
        }
        // What is left on a gift card pays no month for good.
        let card = charge.request.card.as_ref();
        if card.is_none_or(|card| card.behaviour == Behaviour::GiftCard) {
            return applied(CallResult::Declined(DeclineReason::Soft));
        }
        let lost = loss == Some(Loss::AfterExecution);
        let handling = if lost { Handling::AnswerLost } else { Handling::Applied };
        Decision { handling, outcome: self.approval(None) }
    }

    pub(super) fn apply_subscription(&mut self, line: LogLine) {
        let CallResult::Approved(approval) = &line.outcome else { return };
        let reference = approval.reference.clone();
        match line.request.operation {
            Operation::Subscribe => {
                let (charge, money) = (line.request.charge.unwrap_or_default(), line.request.money);
                let standing = SubscriptionStanding::Running;
                let paid = Vec::new();
                let told = SubscriptionTold { reference, customer: None, standing, paid };
                self.subscriptions.insert(line.key, Kept { charge, money, told });
            }
            Operation::Renew => self.apply_renewal(line, reference),
            _ => {
                if let Some(kept) = self.subscriptions.get_mut(&line.key) {
                    kept.told.standing = SubscriptionStanding::Ended;
                }
            }
        }
    }

    /// The money is a charge of its own, under the name of its payment, so that it can be refunded.
    fn apply_renewal(&mut self, line: LogLine, payment: String) {
        let Some(kept) = self.subscriptions.get_mut(&line.key) else { return };
        let (amount, charge) = (kept.money.map_or(0, |money| money.amount), kept.charge.clone());
        let request = Request { money: kept.money, ..line.request.clone() };
        let invoice = format!("invoice_{payment}");
        kept.told.paid.push(PaidPeriod { invoice, payment: payment.clone(), amount });
        let card = self.records.get(&charge).and_then(|first| first.request.card.clone());
        let request = Request { card, ..request };
        self.insert(LogLine { key: payment, request, ..line }, Standing::Taken, amount);
    }
}
