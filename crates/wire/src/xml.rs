//! XML in .NET's data contract form (`servicestack.md` §4).
//!
//! Taking XML apart is left to `quick-xml`, which has no unsafe code and borrows from the text: how
//! tags, comments and CDATA look is no part of the dialect. What it would let pass is refused here:
//! document types, processing instructions, and entities other than the five.

mod reader;
mod writer;

pub use reader::Reader;
pub use writer::{TYPES_NAMESPACE, Writer};

use crate::source::Reading;
use crate::{Fault, Problems, Settings, Value};

/// Fills a value from a document. Members that are not in it keep their values.
///
/// For a record whose type is not known when compiling, read from a [`Reader`].
///
/// # Errors
/// [`Problems::Unreadable`] if the bytes are no XML of this form; [`Problems::Members`] in strict
/// mode if values cannot be used.
pub fn read<V: Value>(body: &[u8], value: &mut V, settings: &Settings) -> Result<(), Problems> {
    let mut reader = Reader::new(body)?;
    let mut reading = Reading::of_body(settings);
    if !value.read(&mut reader, &mut reading)? && reading.problem_count() == 0 {
        return Err(Fault::NotAnObject.into());
    }
    reading.finish()
}

/// Appends a value to `out`.
pub fn write<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    value.write(&mut Writer::new(out, settings));
}
