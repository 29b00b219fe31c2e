//! One file a command.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod catalogue;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod export;
mod gateways;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod ledger;
pub(crate) mod migrate;
pub(crate) mod reconcile;
pub(crate) mod restore;
pub(crate) mod sandbox;
pub(crate) mod serve;
pub(crate) mod skip_numbers;
pub(crate) mod user;
