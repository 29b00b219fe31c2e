//! A payment in doubt, of which its gateway says by itself what it is called there. Without that
//! name such a gateway cannot be asked; with it the payment is read, and what is read counts.

use std::sync::Arc;

use domain::attempt::{Attempt, AttemptState, CallResult, Verb};
use domain::ids::{NumberKind, SaleId, Shard};
use domain::money::Money;
use domain::sale::{Advance, AdvanceEvent, Sale};
use gateway::borgun::order_id;
use gateway::{Gateway, PaymentRequest};
use tracing::warn;

use super::{Place, Till};

/// What a gateway says of a payment.
pub struct Told {
    /// The sale that it should be of.
    pub sale: SaleId,
    /// The name that was made from the attempt's key.
    pub name: String,
    /// The gateway's own name of it, by which it can be read.
    pub reference: String,
}

impl Till {
    /// Reads a payment in doubt at its gateway, in a task of its own, and brings what it came to.
    /// A payment that is not in doubt, or not ours, is left alone and not read.
    pub fn told(&self, place: Place, gateway: Arc<dyn Gateway>, told: Told) {
        let till = self.clone();
        tokio::spawn(async move {
            let Some((shard, sale, number)) = till.doubtful(&*gateway, &told).await else { return };
            let Some(attempt) = sale.attempts.iter().find(|it| it.number == number) else { return };
            let result = read(&*gateway, &sale, attempt, &told.reference).await;
            if !is_settled(&result) {
                return warn!(
                    sale = sale.id.0,
                    "a payment was told of, and is as unclear as before"
                );
            }
            let (sale, partner) = (sale.id, sale.partner());
            let event = AdvanceEvent::Result(number, result);
            if let Some(moved) = till.advance(Advance { shard, sale, partner, event }).await {
                till.drive(place, moved.sale, moved.next, None).await;
            }
        });
    }

    /// The sale and the number of the attempt in doubt that has this name.
    async fn doubtful(&self, gateway: &dyn Gateway, told: &Told) -> Option<(Shard, Arc<Sale>, u8)> {
        let number = told.sale;
        let shard = self.store.shard_of(NumberKind::Sale, number.0).await.ok().flatten()?;
        let sale = self.store.read::<Sale>(Sale::key_of(shard, number)).await.ok().flatten()?;
        let is_meant = |attempt: &&Attempt| {
            is_in_doubt(attempt)
                && attempt.terms.name == gateway.terms().name
                && order_id(&attempt.key) == told.name
        };
        let number = sale.attempts.iter().find(is_meant)?.number;
        Some((shard, sale, number))
    }
}

/// Whether money may have moved to us of which nobody knows yet.
fn is_in_doubt(attempt: &Attempt) -> bool {
    use AttemptState::{Review, Sent, Unknown};
    attempt.verb.asks_payer() && matches!(attempt.state, Sent | Unknown | Review)
}

async fn read(
    gateway: &dyn Gateway,
    sale: &Sale,
    attempt: &Attempt,
    reference: &str,
) -> CallResult {
    let money = Money::new(attempt.amount, sale.currency);
    let request = PaymentRequest {
        reserves: attempt.verb == Verb::Authorize,
        consent: attempt.consent,
        handle: Some(reference),
        ..PaymentRequest::new(&attempt.key, money, attempt.terms.deadline)
    };
    let silence = || CallResult::Unknown("The gateway did not answer in time.".into());
    gateway::within(gateway, gateway.lookup(&request)).await.unwrap_or_else(silence)
}

fn is_settled(result: &CallResult) -> bool {
    matches!(
        result,
        CallResult::Approved(_)
            | CallResult::PartiallyApproved(..)
            | CallResult::Declined(_)
            | CallResult::NotExecuted(_)
    )
}
