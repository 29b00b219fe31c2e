//! The gateways: cards that cannot leak, results that cannot lie, a sandbox that cannot forget.

mod borgun;
mod card_reading;
mod guarding;
mod http_client;
mod masking;
mod performing;
mod sandbox_authentication;
mod sandbox_client;
mod sandbox_conservation;
mod sandbox_hints;
mod sandbox_keys;
mod sandbox_open;
mod sandbox_phone;
mod sandbox_rows;
mod sandbox_subscriptions;
mod secrecy;
mod support;
