//! Telling a change of the catalogue to whoever remembers the old state.

use domain::catalogue::ChangeCatalogue;
use domain::ids::Shard;
use store::Store;
use tokio::task::JoinSet;

use super::TRIES_MAX;
use crate::app::App;
use crate::operations::family::Failure;

/// How many organisers are told of a change of the house at once.
const TELLERS_MAX: usize = 32;

/// Lets this node know at once; others look every few seconds, and no order is decided on an older
/// state. What the house changes concerns every seller, so each gets a new revision.
pub(super) async fn publish(app: &App, seller: Shard, sellers: Vec<Shard>) -> Result<(), Failure> {
    if seller != Shard::HOUSE {
        app.catalogue.reload(seller).await?;
        return Ok(());
    }
    let store = app.store.clone();
    // A task of its own, so that a caller who hangs up does not leave it half done.
    let telling = tokio::spawn(async move {
        let mut tellers = JoinSet::new();
        for shard in sellers.into_iter().filter(|shard| *shard != Shard::HOUSE) {
            if tellers.len() >= TELLERS_MAX {
                tellers.join_next().await;
            }
            tellers.spawn(raise_revision(store.clone(), shard));
        }
        while tellers.join_next().await.is_some() {}
    });
    if let Err(error) = telling.await {
        tracing::error!(%error, "not every organiser was told of a change of the house");
    }
    app.catalogue.refresh().await?;
    Ok(())
}

async fn raise_revision(store: Store, seller: Shard) {
    for _ in 0..TRIES_MAX {
        let known = store.catalogue_revisions(vec![seller]).await;
        let revision_seen = known.ok().and_then(|known| known.first().map(|(_, known)| *known));
        let Some(revision_seen) = revision_seen else { continue };
        let (items, notes) = (Vec::new(), Vec::new());
        let change = ChangeCatalogue { seller, revision_seen, items, notes };
        if store.submit(change).await.is_ok() {
            return;
        }
    }
    tracing::error!(seller = seller.0, "an organiser was not told of a change of the house");
}
