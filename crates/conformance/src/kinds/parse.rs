//! Bodies read into a type; of the result, only what differs from the type's defaults is compared.

use serde_json::{Map, Value, json};
use wire::{Problems, Settings};

use super::{Output, Unsupported, whole_text};
use crate::transcode::{self, Input};
use crate::vector::Vector;

pub(super) fn json(vector: &Vector) -> Output {
    body(vector, |text| text.starts_with('{'), Input::Json)
}

pub(super) fn jsv(vector: &Vector) -> Output {
    body(vector, |text| text.starts_with('{'), Input::Jsv)
}

fn body<'v>(
    vector: &'v Vector,
    is_object: impl Fn(&str) -> bool,
    input: impl Fn(&'v str) -> Input<'v>,
) -> Output {
    let text = whole_text(vector)?;
    let name = vector.schema.as_deref().unwrap_or("T2");
    let transcode =
        transcode::of_type(name).ok_or_else(|| Unsupported::because(format!("the type {name}")))?;
    let wants_object = transcode::meta_of(name).is_some();
    let start = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = if matches!(input(""), Input::Json(_)) { start.trim_start() } else { start };
    if wants_object && !is_object(start) {
        return Ok(serialization_error());
    }
    let settings =
        Settings { exclude_default_values: true, always_use_utc: true, ..Settings::default() };
    Ok(match transcode(input(text), transcode::Output::Json, &settings) {
        Ok(written) => compared(&written),
        Err(Problems::Members(_) | Problems::Unreadable(_) | _) => serialization_error(),
    })
}

fn serialization_error() -> Value {
    json!({ "error": "SerializationException" })
}

/// The value as vectors state it: dates as `{member}_utc`, without a fraction of zeros.
pub(super) fn compared(written: &str) -> Value {
    let value: Value = serde_json::from_str(written).unwrap_or_else(|_| written.into());
    with_dates(value)
}

fn with_dates(value: Value) -> Value {
    let members = match value {
        Value::Object(members) => members,
        Value::Array(items) => return items.into_iter().map(with_dates).collect(),
        other => return other,
    };
    let renamed = members.into_iter().map(|(name, value)| match value.as_str().and_then(date) {
        Some(date) => (name + "_utc", Value::String(date)),
        None => (name, value),
    });
    Value::Object(renamed.collect::<Map<_, _>>())
}

/// A date in the seven-digit form that JSON writes, with only the digits it needs.
pub(super) fn date(text: &str) -> Option<String> {
    const SHORTEST: usize = "2020-01-02T03:04:05".len();
    let fraction = text.get(SHORTEST..SHORTEST + ".0000000".len())?;
    let is_date = text.as_bytes()[10] == b'T' && fraction.starts_with('.');
    let kept = fraction.trim_end_matches('0').trim_end_matches('.');
    let zone = &text[SHORTEST + fraction.len()..];
    is_date.then(|| format!("{}{kept}{zone}", &text[..SHORTEST]))
}
