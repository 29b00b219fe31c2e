//! The pages of the published operations: held against the originals, as far as this repository's
//! surroundings have them, and against themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ask;
mod crawl;
mod samples;
mod seeds;
mod snapshot;
mod text;
mod whole;
