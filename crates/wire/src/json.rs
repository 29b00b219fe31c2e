//! JSON as the published services speak it (`servicestack.md` §1).

mod raw;
mod reader;
mod writer;

pub use raw::{indent, split_list};
pub use reader::Reader;
pub use writer::Writer;

use crate::source::{Kind, Reading, Source};
use crate::{Fault, Problems, Record, Settings, Value};

/// Fills a record from a document. Members that are not in it keep their values.
///
/// # Errors
/// [`Problems::Unreadable`] if the bytes are no JSON object; [`Problems::Members`] in strict mode
/// if values cannot be used.
pub fn read<R: Record>(bytes: &[u8], record: &mut R, settings: &Settings) -> Result<(), Problems> {
    let mut reader = Reader::new(bytes, settings)?;
    if reader.kind()? != Kind::Record {
        return Err(Fault::NotAnObject.into());
    }
    let mut reading = Reading::of_body(settings);
    record.read(&mut reader, &mut reading)?;
    reader.finish()?;
    reading.finish()
}

/// Appends a value to `out`.
pub fn write<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    let start = out.len();
    value.write(&mut Writer::new(out, settings));
    if settings.indent {
        let compact = out.split_off(start);
        indent(&compact, out);
    }
}
