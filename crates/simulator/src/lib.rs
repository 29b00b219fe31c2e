//! The whole till under seeded faults.
//!
//! A [`Plan`] is drawn from a seed: buyers, a gateway's moods, crashes, pauses, broken
//! connections, changes of the catalogue, and in a season everything that is done with tickets
//! after they were bought. [`run`] plays it on the product's own rules, lanes,
//! money loop and jobs over the engine in memory, in one thread with a clock of its own, so the
//! same plan gives the same story to the last byte. A judge that shares no code with the product
//! hears everything and says what must not have been; [`shrink`] makes a failing plan small
//! enough to be read.

mod book;
mod deeds;
mod desk;
mod dice;
mod engine;
mod gateway_model;
mod judge;
mod life;
mod node;
mod office;
mod people;
mod plan;
mod run;
mod season;
mod shrink;
mod world;

pub use crate::judge::Violation;
pub use crate::plan::{NODES_MAX, Plan};
pub use crate::run::{Outcome, run};
pub use crate::shrink::shrink;
pub use domain::planted::Bug;
