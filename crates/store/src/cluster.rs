//! The nodes that share one database: who lives, what their programs can read, what time it is.

use crate::error::Fault;

/// What a node learns each time it says that it lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// How far this node's clock is ahead of the database's, in microseconds; negative when it
    /// is behind.
    pub clock_ahead_us: i64,
    /// Whether this node does what only one of them should do, such as working off the outbox.
    pub leads: bool,
    /// The form of bodies that all living nodes can read, and this one writes from now on.
    pub body_version: u32,
    /// Every living node, this one too, by name.
    pub nodes: Vec<Node>,
}

/// One living node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its number in this database.
    pub number: u32,
    /// The name its operator gave it.
    pub name: String,
    /// The version of its program.
    pub program_version: String,
    /// The newest form of bodies it can read.
    pub body_version: u32,
    /// How long ago it was last heard of, in microseconds of the database's clock.
    pub heard_before_us: i64,
}

/// The register of nodes, kept by a database that several of them share.
pub trait Cluster: Send + Sync {
    /// The number of this node, which no other living node has.
    fn node(&self) -> u32;

    /// Says that this node lives, and learns of the others. Blocks for a short while, or for
    /// half a minute if the database is frozen.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer; at once while an earlier call still waits.
    fn beat(&self) -> Result<Beat, Fault>;

    /// Says that this node goes, so that nobody waits for it.
    ///
    /// # Errors
    /// [`Fault`] when the database does not answer; the node counts as dead a little later.
    fn leave(&self) -> Result<(), Fault>;
}
