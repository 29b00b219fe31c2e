//! Whether this node may sell, looked at again and again.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use tokio::sync::watch;

use super::next_round;
use crate::standing::Standing;

/// The pause between two looks; a node that has not been heard of for ten of them counts as dead.
const PAUSE: Duration = Duration::from_secs(1);

/// Looks until `stop` turns true.
pub(crate) async fn run(store: Store, standing: Arc<Standing>, mut stop: watch::Receiver<bool>) {
    loop {
        standing.look(&store).await;
        if !next_round(PAUSE, &mut stop).await {
            return;
        }
    }
}
