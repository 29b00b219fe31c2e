//! The catalogue in memory, compared with the stored one again and again: another node, or an
//! operator beside the running program, may have changed it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tracing::warn;

use super::next_round;
use crate::catalogue::Catalogue;

/// How long lists may show an older catalogue; an order is always decided on the newest.
const PAUSE: Duration = Duration::from_secs(2);

/// Compares until `stop` turns true.
pub(crate) async fn run(catalogue: Arc<Catalogue>, mut stop: watch::Receiver<bool>) {
    while next_round(PAUSE, &mut stop).await {
        if let Err(fault) = catalogue.refresh().await {
            warn!(%fault, "the catalogue could not be compared; trying again");
        }
    }
}
