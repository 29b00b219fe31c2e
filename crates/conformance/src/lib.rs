//! Runs vectors: known inputs of the wire dialect with their right outputs.
//!
//! A file holds one vector a line (`vector`); each kind of vector is one function from input to
//! output (`kinds`); the outputs are tallied by kind (`report`).

mod csharp;
mod kinds;
mod made;
mod report;
mod stated;
mod transcode;
mod types;
mod vector;

pub use report::{Report, Tally, Verdict};
pub use vector::{Vector, VectorError, parse};
