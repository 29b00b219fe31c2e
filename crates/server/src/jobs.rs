//! What runs beside the requests: the janitor, the outbox with its letters, the audit of
//! refusals, and the look at this node's standing.

pub(crate) mod audit;
pub(crate) mod catalogue;
pub mod contracts;
pub mod janitor;
pub(crate) mod mail;
pub mod outbox;
pub(crate) mod standing;
pub mod work;

use std::time::Duration;

use tokio::sync::watch;

/// Waits until the next round of a job; false when there is to be none, which is also so when
/// nobody is left who could say it.
async fn next_round(pause: Duration, stop: &mut watch::Receiver<bool>) -> bool {
    match tokio::time::timeout(pause, stop.changed()).await {
        Ok(Err(_)) => false,
        Ok(Ok(())) | Err(_) => !*stop.borrow(),
    }
}
