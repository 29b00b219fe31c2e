//! Subscriptions of orders: the gateway is asked, one question after the other, until nothing is
//! due. Whoever starts it (a payment, a message, the janitor) does the same.

use domain::agency::{
    CustomerOrder, SubscriptionAnswer, SubscriptionCall, SubscriptionEvent, SubscriptionStep,
};
use domain::attempt::CallResult;
use domain::ids::{CustomerOrderId, Shard};
use domain::sale::{Goods, Sale};
use gateway::within;
use store::SubmitError;
use tracing::warn;

use super::{Place, SUBMIT_PAUSE, SUBMIT_TRIES_MAX, Till};

/// How many questions follow each other at most; the janitor goes on with the rest.
const QUESTIONS_MAX: u32 = 20;

impl Till {
    /// Asks what is due about the subscription of the order that a sale pays, if it has one. The
    /// sale stands whatever comes of it.
    pub(super) async fn renew_order_of(&self, sale: &Sale) {
        let Goods::Order { order, .. } = sale.goods else { return };
        let key = CustomerOrder::key_of(sale.shard, order);
        let stored = self.store.read::<CustomerOrder>(key).await.ok().flatten();
        let subscription = stored.as_ref().and_then(|order| order.subscription.as_ref());
        let event = match subscription {
            // Whoever brings the payment begins.
            Some(it) if it.is_new() => SubscriptionEvent::Hinted,
            Some(it) if it.is_due(self.clock.now()) => SubscriptionEvent::Look,
            _ => return,
        };
        self.step(sale.shard, order, event).await;
    }

    /// Asks the gateway about the subscription of an order, in a task of its own: what is due, or
    /// at once where the gateway says that something happened.
    pub async fn renew(
        &self,
        place: Place,
        shard: Shard,
        order: CustomerOrderId,
        event: SubscriptionEvent,
    ) {
        let till = self.clone();
        let task = tokio::spawn(async move {
            let _place = place;
            till.step(shard, order, event).await;
        });
        if let Err(failure) = task.await {
            warn!(order = order.0, %failure, "a subscription could not be looked at; later again");
        }
    }

    async fn step(&self, shard: Shard, order: CustomerOrderId, event: SubscriptionEvent) {
        let mut event = event;
        for _ in 0..QUESTIONS_MAX {
            let step = SubscriptionStep { shard, order, event };
            let Some(call) = self.submit_step(step).await else { return };
            let answer = self.ask_about(&call).await;
            event = SubscriptionEvent::Answered(call.question, answer);
        }
        // The last answer is not lost, and what it asks for is asked when it is due.
        drop(self.submit_step(SubscriptionStep { shard, order, event }).await);
    }

    /// An answer must not be lost to a busy moment, so it is offered again and again.
    async fn submit_step(&self, step: SubscriptionStep) -> Option<SubscriptionCall> {
        let order = step.order;
        for _ in 0..SUBMIT_TRIES_MAX {
            match self.store.submit(step.clone()).await {
                Ok(stepped) => return stepped?.1,
                Err(SubmitError::Overloaded | SubmitError::Stale) => {
                    tokio::time::sleep(SUBMIT_PAUSE).await;
                }
                Err(error) => {
                    warn!(order = order.0, ?error, "a subscription was not brought forward");
                    return None;
                }
            }
        }
        None
    }

    async fn ask_about(&self, call: &SubscriptionCall) -> SubscriptionAnswer {
        let Some(gateway) = self.gateways.get(&call.gateway) else {
            return Err(CallResult::Unknown("the gateway is not configured".into()));
        };
        let silence = || Err(CallResult::Unknown("The gateway did not answer in time.".into()));
        within(&**gateway, gateway.subscription(call)).await.unwrap_or_else(silence)
    }
}
