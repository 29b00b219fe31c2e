//! The outbox: what is owed after a commit and may be done more than once. Of several nodes, the
//! one that leads works it off.

use std::sync::Arc;
use std::time::Duration;

use domain::effect::Effect;
use store::{Fault, Store};
use tokio::sync::watch;
use tracing::{info, warn};

use super::next_round;
use crate::standing::Standing;

/// How many rows are taken at a time.
const OUTBOX_ROWS_MAX: u32 = 256;

/// Works the outbox off every `pause` until `stop` turns true.
pub(crate) async fn run(
    store: Store,
    standing: Arc<Standing>,
    pause: Duration,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        if standing.leads()
            && let Err(fault) = round(&store).await
        {
            warn!(%fault, "the outbox could not be worked off; trying again");
        }
        if !next_round(pause, &mut stop).await {
            return;
        }
    }
}

/// Does what is owed now and takes it out of the outbox.
///
/// # Errors
/// [`Fault`] when the outbox cannot be read or written; what was done is then done again.
pub async fn round(store: &Store) -> Result<(), Fault> {
    let owed = store.outbox(OUTBOX_ROWS_MAX).await?;
    if owed.is_empty() {
        return Ok(());
    }
    let done = owed.iter().map(|row| {
        tell_operator(row.shard.0, &row.effect);
        (row.shard, row.id)
    });
    store.outbox_done(done.collect()).await
}

/// Notices go to the log, where the operator's alerts are.
fn tell_operator(seller: u32, effect: &Effect) {
    match effect {
        Effect::SaleNeedsReview { sale, reason } => {
            warn!(seller, sale = sale.0, reason, "a sale needs a person's decision");
        }
        Effect::PaymentReturned { sale, amount, currency } => {
            info!(seller, sale = sale.0, amount, currency, "a late payment was sent back");
        }
    }
}
