//! Subscriptions of orders that are due: to be kept, ended, or looked at.

use domain::agency::SubscriptionEvent;
use domain::ids::CustomerOrderId;
use domain::record::Kind;
use store::Due;
use tokio::task::JoinSet;

use crate::till::Till;

/// Asks about all of them at once; those that have no place now are asked about in the next round.
pub(super) async fn look(till: &Till, due: &[Due]) {
    let mut looking = JoinSet::new();
    for row in due.iter().filter(|row| row.kind == Kind::CustomerOrder) {
        let Some(place) = till.place() else { break };
        let (till, shard, order) = (till.clone(), row.shard, CustomerOrderId(row.number));
        looking
            .spawn(async move { till.renew(place, shard, order, SubscriptionEvent::Look).await });
    }
    looking.join_all().await;
}
