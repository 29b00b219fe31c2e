//! Sources of the contracts' types: those of the published pages, and whole files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod published;

#[path = "../pages/ask.rs"]
mod ask;
#[expect(dead_code, reason = "the whole pages need more of it")]
#[path = "../pages/seeds.rs"]
mod seeds;
