//! What only PostgreSQL can do or suffer: several nodes, lost connections, takeovers, upgrades.
//!
//! Each test has a database of its own; where there is no PostgreSQL it says so and passes.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod check;
mod connections;
mod forms;
mod nodes;
mod opening;
mod plans;
mod planted;
mod proxy;
mod replication;
mod speed;
mod statements;
mod support;
