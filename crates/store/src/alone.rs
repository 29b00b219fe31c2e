//! Work that must not meet a node that sells.

use crate::cluster::Cluster;
use crate::error::Fault;

/// Why a node may not count on having the database for itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AloneError {
    /// Other nodes live.
    #[error(
        "other nodes work on this database ({}); stop them first. One that was killed counts as \
         living for ten seconds", .0.join(", ")
    )]
    Others(Vec<String>),
    /// The register cannot be asked.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Refuses when another node lives. Without a register there is none: the file is locked.
///
/// # Errors
/// [`AloneError`]
pub(crate) fn refuse_others(cluster: Option<&dyn Cluster>) -> Result<(), AloneError> {
    let Some(cluster) = cluster else { return Ok(()) };
    let nodes = cluster.beat()?.nodes.into_iter();
    let others = nodes.filter(|node| node.number != cluster.node()).map(|node| node.name);
    let others: Vec<String> = others.collect();
    if others.is_empty() { Ok(()) } else { Err(AloneError::Others(others)) }
}
