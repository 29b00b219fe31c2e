//! The janitor: the money loop, started from stored rows that have become due; and whatever else
//! has a time to end.

mod enrolments;
mod profiles;
mod reservations;
mod subscriptions;
mod transfers;

use std::sync::Arc;
use std::time::Duration;

use domain::ids::SaleId;
use domain::record::Kind;
use store::{Clock, Store};
use tokio::sync::watch;
use tracing::{error, warn};

use super::next_round;
use crate::till::Till;

/// How many due rows are taken at a time.
const DUE_ROWS_MAX: u32 = 256;

/// Looks for due rows every `pause` until `stop` turns true.
pub(crate) async fn run(
    store: Store,
    till: Till,
    clock: Arc<dyn Clock>,
    pause: Duration,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        if let Err(fault) = round(&store, &till, &*clock).await {
            warn!(%fault, "the janitor could not read what is due; trying again");
        }
        if !next_round(pause, &mut stop).await {
            return;
        }
    }
}

/// Resumes everything that is due now; waits until each has gone as far as it can.
///
/// # Errors
/// [`store::Fault`] when the work table cannot be read.
pub async fn round(store: &Store, till: &Till, clock: &dyn Clock) -> Result<(), store::Fault> {
    let due = store.due(clock.now(), DUE_ROWS_MAX).await?;
    let mut sales = tokio::task::JoinSet::new();
    for row in due.iter().filter(|row| row.kind == Kind::Sale) {
        let Some(place) = till.place() else { break };
        let till = till.clone();
        let (shard, sale) = (row.shard, SaleId(row.number));
        sales.spawn(async move { till.resume(place, shard, sale).await });
    }
    reservations::expire(store, &due).await;
    transfers::expire(store, &due).await;
    enrolments::forget(store, &due).await;
    profiles::forget(store, till, &due).await;
    subscriptions::look(till, &due).await;
    while let Some(ended) = sales.join_next().await {
        if let Err(failure) = ended {
            error!(%failure, "a sale could not be resumed; it is tried again when it is due");
        }
    }
    Ok(())
}
