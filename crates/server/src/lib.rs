//! HTTP, access and operations: joins the contracts, the rules, the store and the gateways.
//!
//! Only this crate sees both a DTO and a domain type. It knows no SQL and no wire detail.

pub mod access;
pub mod app;
pub mod catalogue;
pub mod http;
mod idempotency;
pub mod jobs;
pub mod keys;
pub mod log;
pub mod mail;
pub mod metrics;
mod money;
mod operations;
mod order_link;
mod pages;
pub mod settlement;
pub mod sms;
pub mod standing;
pub mod text;
mod three_d_secure;
mod tickets;
pub mod till;
mod topup;
mod vault;
