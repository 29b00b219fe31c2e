//! One suite, the engine as a parameter: what holds on one engine holds on the other.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod after_sale;
mod backup;
mod batches;
mod callers;
mod check;
mod common;
mod faults;
mod finder;
mod idempotency;
mod lanes;
mod laws;
mod lists;
mod numbers;
mod opening;
mod queries;
mod rush;
mod seats;
mod skipping;
mod transfer;
mod window;
