//! What buyers hold, read back by other programs' eyes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod calendar;
mod codes;
mod letters;
mod printed;
mod sample;
