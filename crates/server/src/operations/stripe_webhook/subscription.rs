//! A message about a subscription or one of its bills: the gateway is asked how it stands.

use std::sync::Arc;

use domain::agency::{CustomerOrder, Subscription, SubscriptionEvent, Uid};
use domain::ids::CustomerOrderId;

use super::Message;
use crate::operations::gateway_message::{self, Untaken, later};

impl Message<'_> {
    /// Nothing is written down of the message: what is asked is the same however often it comes,
    /// and each bill is booked once. A message that is lost is made up for by the next look.
    pub(super) async fn renew(&self) -> Result<(), Untaken> {
        let uid = self.event.key.as_deref().and_then(Subscription::order_of_key);
        let order = match uid {
            Some(uid) => self.order(uid).await?,
            None => None,
        };
        let order: Option<Arc<CustomerOrder>> = order.or_else(|| self.leave());
        let Some(order) = order else { return Ok(()) };
        let (place, till) = (gateway_message::place(self.app)?, self.app.till.clone());
        tokio::spawn(async move {
            till.renew(place, order.shard, order.id, SubscriptionEvent::Hinted).await;
        });
        Ok(())
    }

    /// The order of that GUID, if its subscription is kept by the gateway that tells.
    async fn order(&self, uid: Uid) -> Result<Option<Arc<CustomerOrder>>, Untaken> {
        let key = CustomerOrder::key_of(uid.shard(), CustomerOrderId(uid.number()));
        let order = self.app.store.read::<CustomerOrder>(key).await;
        let order = order.map_err(|fault| later(&fault))?;
        let is_meant = |order: &Arc<CustomerOrder>| {
            let kept = order.subscription.as_ref();
            order.uid == uid && kept.is_some_and(|it| it.terms.name == self.name)
        };
        Ok(order.filter(is_meant))
    }
}
