//! The outbox: what is owed after a commit and may be done more than once. Of several nodes, the
//! one that leads works it off. Notices are told here; letters wait for the job `mail`.

use std::sync::Arc;
use std::time::Duration;

use domain::effect::{Effect, Owed};
use domain::ids::Shard;
use store::{Fault, Store};
use tokio::sync::watch;
use tracing::{info, warn};

use super::next_round;
use crate::standing::Standing;

/// How many rows are taken at a time.
pub(super) const OUTBOX_ROWS_MAX: u32 = 256;

/// How many times rows are taken in a round. A backlog of letters that is longer is gone through in
/// several rounds, so that what waits behind it is found and nobody is kept from reading.
const PAGES_MAX: u32 = 8;

/// Works the outbox off every `pause` until `stop` turns true.
pub(crate) async fn run(
    store: Store,
    standing: Arc<Standing>,
    pause: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let mut walk = Walk::default();
    loop {
        if standing.leads()
            && let Err(fault) = tell_on(&store, &mut walk).await
        {
            warn!(%fault, "the outbox could not be worked off; trying again");
        }
        if !next_round(pause, &mut stop).await {
            return;
        }
    }
}

/// Tells what is owed now and takes it out of the outbox; begins at the outbox's start.
///
/// # Errors
/// [`Fault`] when the outbox cannot be read or written; what was done is then done again.
pub async fn round(store: &Store) -> Result<(), Fault> {
    tell_on(store, &mut Walk::default()).await
}

async fn tell_on(store: &Store, walk: &mut Walk) -> Result<(), Fault> {
    for _ in 0..PAGES_MAX {
        let owed = walk.next(store).await?;
        let told = owed.iter().filter(|row| tell_operator(row.shard.0, &row.effect));
        let told: Vec<_> = told.map(|row| (row.shard, row.id)).collect();
        if !told.is_empty() {
            store.outbox_done(told).await?;
        }
        if walk.is_at_start() {
            return Ok(());
        }
    }
    Ok(())
}

/// A way through the outbox, from its start to its end and again.
#[derive(Default)]
pub(super) struct Walk {
    /// The last row that was taken; `None` at the start.
    after: Option<(Shard, u32)>,
}

impl Walk {
    /// The next rows; after the last ones it is at the start again.
    pub(super) async fn next(&mut self, store: &Store) -> Result<Vec<Owed>, Fault> {
        let owed = store.outbox_after(self.after, OUTBOX_ROWS_MAX).await?;
        let is_full = owed.len() >= OUTBOX_ROWS_MAX as usize;
        self.after = owed.last().filter(|_| is_full).map(|last| (last.shard, last.id));
        Ok(owed)
    }

    /// Whether the whole outbox was gone through.
    pub(super) fn is_at_start(&self) -> bool {
        self.after.is_none()
    }
}

/// Notices go to the log, where the operator's alerts are; answers whether it was one.
fn tell_operator(seller: u32, effect: &Effect) -> bool {
    match effect {
        Effect::SaleNeedsReview { sale, reason } => {
            warn!(seller, sale = sale.0, reason, "a sale needs a person's decision");
        }
        Effect::PaymentReturned { sale, amount, currency } => {
            info!(seller, sale = sale.0, amount, currency, "a late payment was sent back");
        }
        Effect::Mail { .. } => return false,
    }
    true
}
