//! Reading JSON Lines.

use crate::source::{Reading, document_text};
use crate::{Fault, Problems, Record, Settings, Value, json, limits};

/// A line that is not blank, and where it begins in the text.
type Line<'b> = (usize, &'b str);

/// The lines of a body that are not blank, for whoever reads each on its own.
///
/// # Errors
/// If the body is longer than [`limits::BODY_LENGTH_MAX`], is not UTF-8, or has more than
/// [`limits::LIST_LENGTH_MAX`] such lines.
pub fn lines(body: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    Ok(located(document_text(body)?)?.into_iter().map(|(_, line)| line.as_bytes()).collect())
}

fn located(text: &str) -> Result<Vec<Line<'_>>, Fault> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_ascii().is_empty() {
            if lines.len() == limits::LIST_LENGTH_MAX {
                return Err(Fault::TooManyItems);
            }
            lines.push((start, line));
        }
        start += line.len();
    }
    Ok(lines)
}

/// The first line that is not blank, which is a JSON document of its own; empty if there is none.
///
/// # Errors
/// As [`lines`]; in strict mode also if there is a second one, because it would be dropped.
pub fn first_line<'b>(body: &'b [u8], settings: &Settings) -> Result<&'b [u8], Fault> {
    let lines = located(document_text(body)?)?;
    match lines.as_slice() {
        [_, (position, _), ..] if settings.strict => {
            let expected = "no second line, because one record is read";
            Err(Fault::Syntax { position: *position, expected })
        }
        [(_, line), ..] => Ok(line.as_bytes()),
        [] => Ok(&[]),
    }
}

/// Fills a record from the first line, as [`json::read`].
///
/// # Errors
/// As [`first_line`] and [`json::read`].
pub fn read<R: Record>(body: &[u8], record: &mut R, settings: &Settings) -> Result<(), Problems> {
    json::read(first_line(body, settings)?, record, settings)
}

/// Replaces a list by one item for each line that is not blank.
///
/// # Errors
/// [`Problems::Unreadable`] if a line is no JSON or a limit is exceeded; [`Problems::Members`] in
/// strict mode if values cannot be used, their paths beginning with the item's index.
pub fn read_list<T: Value>(
    body: &[u8],
    list: &mut Vec<T>,
    settings: &Settings,
) -> Result<(), Problems> {
    let mut reading = Reading::of_body(settings);
    let mut items = Vec::new();
    for (index, (start, line)) in located(document_text(body)?)?.into_iter().enumerate() {
        reading.count_item(index)?;
        let problems_before = reading.problem_count();
        items.push(read_line(line, &mut reading).map_err(|fault| fault.moved_by(start))?);
        if reading.problem_count() != problems_before {
            reading.place_in_item(problems_before, &index);
        }
    }
    *list = items;
    reading.finish()
}

fn read_line<T: Value>(line: &str, reading: &mut Reading) -> Result<T, Fault> {
    let mut item = T::default();
    let mut reader = json::Reader::new(line.as_bytes(), reading.settings())?;
    item.read(&mut reader, reading)?;
    reader.finish()?;
    Ok(item)
}
