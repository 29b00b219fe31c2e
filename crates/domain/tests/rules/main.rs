//! The rules of the ticket window, subject by subject, over a till that checks its laws itself.

#![expect(clippy::unwrap_used, reason = "a test's helper may stop where the test fails")]

mod agency;
mod attempt;
mod cards;
mod catalogue_change;
mod chain;
mod common;
mod enrolment;
mod facts;
mod gate;
mod idempotency;
mod instalments;
mod job;
mod ledger;
mod mailing;
mod money;
mod notice;
mod offer;
mod payout;
mod phone;
mod pricing;
mod profile;
mod properties;
mod quota;
mod refund_doubt;
mod refund_live;
mod sale_advance;
mod sale_pending;
mod sale_place;
mod sale_refund;
mod sale_review;
mod sale_rights;
mod scan_code;
mod seating;
mod settlement;
mod split;
mod token;
mod transfer;
mod user;
