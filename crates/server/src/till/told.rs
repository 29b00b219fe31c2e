//! A payment in doubt, of which its gateway says by itself what it is called there. Without that
//! name such a gateway cannot be asked; with it the payment is read, and what is read counts.

use std::sync::Arc;

use domain::attempt::{Attempt, AttemptState, CallResult, Verb};
use domain::ids::{NumberKind, SaleId};
use domain::money::Money;
use domain::sale::{Advance, AdvanceEvent, Sale};
use gateway::borgun::order_id;
use gateway::{Gateway, PaymentRequest};
use store::Fault;
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

/// What came of being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The payment is settled, was before, or is none of ours: nothing more need be told.
    Enough,
    /// It is as unclear as before, or that could not be stored: it should be told again.
    Nothing,
}

impl Till {
    /// Reads a payment in doubt at its gateway, in a task of its own, and brings what it came to.
    /// A payment that is not in doubt, or not ours, is left alone and not read.
    pub async fn told(&self, place: Place, gateway: Arc<dyn Gateway>, told: Told) -> Heard {
        let till = self.clone();
        let task = tokio::spawn(async move {
            match till.doubtful(&*gateway, &told).await {
                Ok(Some(doubt)) => till.read_doubt(place, &*gateway, doubt, &told).await,
                Ok(None) => Heard::Enough,
                Err(fault) => {
                    warn!(%fault, "a payment that was told of could not be looked up");
                    Heard::Nothing
                }
            }
        });
        task.await.unwrap_or(Heard::Nothing)
    }

    async fn read_doubt(
        &self,
        place: Place,
        gateway: &dyn Gateway,
        (before, number): (Arc<Sale>, u8),
        told: &Told,
    ) -> Heard {
        let attempt = before.attempts.iter().find(|it| it.number == number);
        let Some(attempt) = attempt else { return Heard::Enough };
        let result = read(gateway, &before, attempt, &told.reference).await;
        if !is_settled(&result) {
            return Heard::Nothing;
        }
        let (shard, sale, partner) = (before.shard, before.id, before.partner());
        let event = AdvanceEvent::Result(number, result);
        match self.advance(Advance { shard, sale, partner, event }).await {
            Some(moved) => {
                self.tally.moved(&before, &moved.sale);
                self.drive(place, moved.sale, moved.next, None).await;
                Heard::Enough
            }
            None => Heard::Nothing,
        }
    }

    /// The sale and the number of the attempt in doubt that has this name.
    async fn doubtful(
        &self,
        gateway: &dyn Gateway,
        told: &Told,
    ) -> Result<Option<(Arc<Sale>, u8)>, Fault> {
        let number = told.sale;
        let Some(shard) = self.store.shard_of(NumberKind::Sale, number.0).await? else {
            return Ok(None);
        };
        let sale = self.store.read::<Sale>(Sale::key_of(shard, number)).await?;
        let Some(sale) = sale else { return Ok(None) };
        let is_meant = |attempt: &&Attempt| {
            is_in_doubt(attempt)
                && attempt.terms.name == gateway.terms().name
                && order_id(&attempt.key) == told.name
        };
        let number = sale.attempts.iter().find(is_meant).map(|attempt| attempt.number);
        Ok(number.map(|number| (sale, number)))
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
