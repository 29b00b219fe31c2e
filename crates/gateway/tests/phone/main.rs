//! Payment by phone against a provider that keeps carts and writes down what it was asked
//! (`payments.md` §3).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod carts;
mod fake;
mod signing;
mod support;
mod trouble;
