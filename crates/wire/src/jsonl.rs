//! JSON Lines: one compact JSON value a line (`servicestack.md` §4).

mod writer;

pub use writer::{Lines, Writer};

use crate::{Settings, Value};

/// Appends a value to `out`, one line for each item if a list is shown: see [`Writer`].
pub fn write<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    value.write(&mut Writer::new(out, settings));
}
