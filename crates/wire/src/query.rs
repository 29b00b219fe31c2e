//! Query strings and forms: one parameter a member, its value JSV (`servicestack.md` §2.5).

mod encoding;
mod writer;

pub use encoding::{Pair, pairs};
pub use writer::Writer;

use crate::source::{Kind, Reading, Source};
use crate::{Fault, Problems, Record, Settings, Value, ValueType, jsv, limits};

/// Fills a record from parameters, decoded already, in the order given; a later one wins. Empty
/// values leave the member alone, unknown names are ignored (`servicestack.md` §5.4).
///
/// # Errors
/// [`Problems::Members`] with one problem a parameter that cannot be read, in any mode;
/// [`Problems::Unreadable`] if there are more than [`limits::MEMBERS_MAX`].
pub fn read<'p, R: Record>(
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
    record: &mut R,
    settings: &Settings,
) -> Result<(), Problems> {
    let mut reading = Reading::of_parameters(settings);
    for (count, (name, value)) in parameters.into_iter().enumerate() {
        if count == limits::MEMBERS_MAX {
            return Err(Fault::TooManyMembers.into());
        }
        if let Some(index) = R::META.find(name, settings) {
            read_parameter(index, value, record, settings, &mut reading)?;
        }
    }
    reading.finish()
}

/// Reads one parameter; text that breaks the grammar is a problem of this parameter alone.
fn read_parameter<R: Record>(
    index: usize,
    value: &str,
    record: &mut R,
    settings: &Settings,
    reading: &mut Reading,
) -> Result<(), Problems> {
    let problems_before = reading.problem_count();
    let mut source = jsv::Reader::of_value(value, settings)?;
    if source.kind()? == Kind::Null {
        return Ok(());
    }
    let outcome = record.read_member(index, &mut source, reading).and_then(|()| source.finish());
    let Some(member) = R::META.member(index) else { return Ok(()) };
    if let Err(fault) = outcome {
        if !matches!(fault, Fault::Syntax { .. }) {
            return Err(fault.into());
        }
        reading.mismatch(member.value.expected(), None);
        reading.place_in_member(problems_before, member.name.declared);
    }
    let quoted = !matches!(member.value, ValueType::Secret);
    reading.fold_into_parameter(problems_before, member, value, quoted);
    Ok(())
}

/// Appends a record as a query string, without a leading `?`.
pub fn write<V: Value>(record: &V, settings: &Settings, out: &mut Vec<u8>) {
    record.write(&mut Writer::new(out, settings));
}
