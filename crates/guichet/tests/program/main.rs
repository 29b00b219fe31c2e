//! The real program, as its operator and its clients meet it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backup;
mod bench;
mod books;
mod card_leak;
mod check;
mod command_line;
mod contract_sale;
mod declared;
mod demo;
mod event_refund;
mod exchange;
mod gateways_file;
mod graceful_stop;
mod node_keys;
mod program;
mod search;
mod secrets;
mod signatures;
mod till;
mod topup;
mod tour;
mod transfer;
mod trouble;
mod users;
mod verified_phones;
