//! The real program, as the client libraries of other languages meet it.
//!
//! The scripts beside this file also show how each library is used.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "shared with the tests of the program; some of it is for them")]
#[path = "../program/exchange.rs"]
mod exchange;
mod order;
#[expect(dead_code, reason = "shared with the tests of the program; some of it is for them")]
#[path = "../program/program.rs"]
mod program;
mod published;
mod python;
mod rust;
mod schema;
mod stage;
mod tool;
mod typescript;
