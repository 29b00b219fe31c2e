//! Refusals, written to the audit in one commit a second at most.

use std::sync::Arc;

use store::Store;
use tokio::sync::watch;

use super::next_round;
use crate::access::audit::{Audit, WRITE_EVERY};

/// Writes until `stop` turns true, and then all that waits.
pub(crate) async fn run(store: Store, audit: Arc<Audit>, mut stop: watch::Receiver<bool>) {
    while next_round(WRITE_EVERY, &mut stop).await {
        audit.write(&store).await;
    }
    audit.write_all(&store).await;
}
