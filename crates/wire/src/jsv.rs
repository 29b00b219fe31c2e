//! JSV: JSON's structure with CSV's quoting (`servicestack.md` §2).

mod reader;
mod scan;
mod writer;

pub use reader::Reader;
pub(crate) use scan::quoted_end;
pub use writer::Writer;
pub(crate) use writer::{write_quoted, write_text};

use crate::source::{Reading, Source};
use crate::{Fault, Problems, Record, Settings, Value};

/// Fills a record from a document. Members that are not in it keep their values.
///
/// # Errors
/// [`Problems::Unreadable`] if the document does not begin with `{`, blanks included;
/// [`Problems::Members`] in strict mode if values cannot be used.
pub fn read<R: Record>(bytes: &[u8], record: &mut R, settings: &Settings) -> Result<(), Problems> {
    let text = crate::source::document_text(bytes)?;
    if !text.starts_with('{') {
        return Err(Fault::NotAnObject.into());
    }
    let mut reader = Reader::of_value(text, settings)?;
    let mut reading = Reading::of_body(settings);
    record.read(&mut reader, &mut reading)?;
    reader.finish()?;
    reading.finish()
}

/// Reads one value of any type from text that is nothing else, as in a query parameter.
///
/// # Errors
/// As for a parameter: every value that cannot be read is a problem.
pub fn read_value<V: Value>(
    text: &str,
    value: &mut V,
    settings: &Settings,
) -> Result<bool, Problems> {
    let mut reader = Reader::of_value(text, settings)?;
    let mut reading = Reading::of_parameters(settings);
    let has_value = read_from(&mut reader, value, &mut reading)?;
    reading.finish().map(|()| has_value)
}

fn read_from<V: Value, S: Source>(
    source: &mut S,
    value: &mut V,
    reading: &mut Reading,
) -> Result<bool, Fault> {
    value.read(source, reading)
}

/// Appends a value to `out`.
pub fn write<V: Value>(value: &V, settings: &Settings, out: &mut Vec<u8>) {
    value.write(&mut Writer::new(out, settings));
}
