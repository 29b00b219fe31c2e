//! Durations, decimals and doubles: text in, text out.

use serde_json::Value;
use wire::{DurationHandler, Settings};

use super::{Output, Unsupported, whole_text};
use crate::transcode::{self, Input};
use crate::vector::Vector;

pub(super) fn timespan_serialize(vector: &Vector) -> Output {
    in_both_formats(vector, "TimeSpan", &Settings::default())
}

pub(super) fn timespan_parse(vector: &Vector) -> Output {
    let durations = DurationHandler::StandardFormat;
    in_both_formats(vector, "TimeSpan", &Settings { durations, ..Settings::default() })
}

pub(super) fn decimal(vector: &Vector) -> Output {
    in_both_formats(vector, "decimal", &Settings::default())
}

pub(super) fn double(vector: &Vector) -> Output {
    in_both_formats(vector, "double", &Settings::default())
}

/// The text of a scalar, which must be the same in JSON, but for quotes, and in JSV.
fn in_both_formats(vector: &Vector, name: &str, settings: &Settings) -> Output {
    let input = Input::Parameter(whole_text(vector)?);
    let missing = || Unsupported::because(format!("the type {name}"));
    let transcode = transcode::of_type(name).ok_or_else(missing)?;
    let write = |output| transcode(input, output, settings);
    Ok(match (write(transcode::Output::Json), write(transcode::Output::Jsv)) {
        (Ok(json), Ok(jsv)) if json.trim_matches('"') == jsv.trim_matches('"') => {
            jsv.trim_matches('"').into()
        }
        (Ok(json), Ok(jsv)) => Value::String(format!("{json} in JSON but {jsv} in JSV")),
        (Err(problems), _) | (_, Err(problems)) => Value::String(problems.to_string()),
    })
}
