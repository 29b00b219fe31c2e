//! Holds of seats whose time is over: their seats go back on sale.

use domain::ids::ReservationId;
use domain::record::Kind;
use domain::seating::ExpireReservation;
use store::{Due, Store};
use tokio::task::JoinSet;
use tracing::warn;

/// Ends them, all at once: the lane takes them together.
pub(super) async fn expire(store: &Store, due: &[Due]) {
    let mut ending = JoinSet::new();
    for row in due.iter().filter(|row| row.kind == Kind::Reservation) {
        let command =
            ExpireReservation { shard: row.shard, reservation: ReservationId(row.number) };
        let store = store.clone();
        ending.spawn(async move { store.submit(command).await });
    }
    while let Some(ended) = ending.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "a hold of seats could not be ended; trying again"),
            Err(failure) => warn!(%failure, "a hold of seats could not be ended; trying again"),
        }
    }
}
