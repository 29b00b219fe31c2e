//! The rules of the ticket window: money, inventory, orders, tickets, payments and the ledger.
//!
//! Everything here is plain, synchronous code over facts. There is no clock, no randomness, no
//! I/O and no other crate of this workspace: time and random bits come in as arguments, facts
//! come in by key ([`facts`]), and what comes out is an outcome or a [`refusal::Refusal`]. So a
//! rule can be read, tested and simulated without a database, a network or a runtime.

pub mod agency;
pub mod allowance;
pub mod api_key;
pub mod attempt;
pub mod audit;
pub mod books;
pub mod card;
pub mod catalogue;
pub mod club;
pub mod declines;
pub mod effect;
pub mod enrolment;
pub mod facts;
pub mod gate;
pub mod idempotency;
pub mod ids;
pub mod job;
pub mod language;
pub mod ledger;
pub mod mailing;
pub mod money;
pub mod offer;
pub mod pass;
pub mod payment;
pub mod payout;
pub mod phone;
#[cfg(feature = "planted-bugs")]
pub mod planted;
pub mod pricing;
pub mod profile;
pub mod quota;
pub mod record;
pub mod refusal;
pub mod sale;
pub mod scan_code;
pub mod seating;
pub mod seller;
pub mod settlement;
pub mod special_ticket;
pub mod task;
pub mod time;
pub mod token;
pub mod transfer;
pub mod user;
