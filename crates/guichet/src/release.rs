//! The end of a command that worked on a database without a store.

use store::Backend;
use store::cluster::Cluster;
use store::engine::Engine;

/// Leaves the database in order, and its register of nodes.
pub(crate) fn release<E: Engine>(backend: Backend<E>) -> anyhow::Result<()> {
    let Backend { engines, reader, cluster, .. } = backend;
    reader.close();
    let closed = engines.into_iter().try_for_each(|mut engine| engine.close());
    leave(cluster.as_deref());
    Ok(closed?)
}

/// Takes this node out of the register, so that nobody waits for it.
pub(crate) fn leave(cluster: Option<&dyn Cluster>) {
    if let Some(Err(fault)) = cluster.map(Cluster::leave) {
        tracing::warn!(%fault, "the other nodes could not be told that this one goes");
    }
}
