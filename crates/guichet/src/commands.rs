//! One file a command.

pub(crate) mod catalogue;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod key;
pub(crate) mod sandbox;
pub(crate) mod serve;
