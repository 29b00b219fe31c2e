//! Authentications that nobody finished: what could have been paid with is forgotten.

use domain::enrolment::ForgetCardToken;
use domain::ids::EnrolmentId;
use domain::record::Kind;
use store::{Due, Store};
use tokio::task::JoinSet;
use tracing::warn;

/// Forgets the tokens of their cards, all at once: the lane takes them together.
pub(super) async fn forget(store: &Store, due: &[Due]) {
    let mut ending = JoinSet::new();
    for row in due.iter().filter(|row| row.kind == Kind::Enrolment) {
        let command = ForgetCardToken { shard: row.shard, id: EnrolmentId(row.number) };
        let store = store.clone();
        ending.spawn(async move { store.submit(command).await });
    }
    while let Some(ended) = ending.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "a card's token could not be forgotten; trying again"),
            Err(failure) => warn!(%failure, "a card's token could not be forgotten; trying again"),
        }
    }
}
