//! Query strings: a record written as one, and one parameter's value read.

use serde_json::{Value, json};
use wire::{Problems, Settings};

use super::{Output, Unsupported, parse, text};
use crate::transcode::{self, Input};
use crate::vector::Vector;

/// What vectors call a text that stands inside another value, where quotes have a meaning.
const INNER_TEXT: &str = "string (inside JSV)";

pub(super) fn serialize(vector: &Vector) -> Output {
    let name = text(&vector.input, "type").unwrap_or_default();
    let transcode = transcode::of_type(name).ok_or_else(|| unknown(name))?;
    let value = vector.input.get("value").map(Value::to_string).unwrap_or_default();
    let settings = Settings { exclude_default_values: true, ..Settings::default() };
    transcode(Input::Json(&value), transcode::Output::Query, &settings)
        .map(Value::String)
        .map_err(|problems| Unsupported::because(problems.to_string()))
}

pub(super) fn parse(vector: &Vector) -> Output {
    let name = text(&vector.input, "type").unwrap_or_default();
    let value = text(&vector.input, "text").unwrap_or_default();
    if name == "string" {
        // A member that is a text takes the raw value.
        return Ok(value.into());
    }
    if name == INNER_TEXT {
        return inner_text(value);
    }
    let transcode = transcode::of_type(name).ok_or_else(|| unknown(name))?;
    let read = |always_use_utc: bool| {
        let settings =
            Settings { exclude_default_values: true, always_use_utc, ..Settings::default() };
        transcode(Input::Parameter(value), transcode::Output::Json, &settings)
    };
    Ok(match read(false) {
        // The vectors' machine stands in UTC, so a date with an offset becomes one in UTC there.
        Ok(written) if name.starts_with("DateTime") && has_offset(&written) => {
            read(true).map_or_else(|problems| error(name, &problems), |utc| compared(name, &utc))
        }
        Ok(written) => compared(name, &written),
        Err(problems) => error(name, &problems),
    })
}

/// A text as the value of a member.
fn inner_text(value: &str) -> Output {
    let transcode = transcode::of_type("Str").ok_or_else(|| unknown("Str"))?;
    let body = format!("{{V:{value}}}");
    let written = transcode(Input::Jsv(&body), transcode::Output::Json, &Settings::default())
        .map_err(|problems| Unsupported::because(problems.to_string()))?;
    let record: Value = serde_json::from_str(&written).unwrap_or_default();
    Ok(record.get("V").cloned().unwrap_or_default())
}

fn has_offset(written: &str) -> bool {
    let zone_start = written.len().saturating_sub("+00:00\"".len());
    written.get(zone_start..).is_some_and(|zone| zone.starts_with(['+', '-']))
}

/// The value as vectors state it: decimals as text, dates without a fraction of zeros.
fn compared(name: &str, written: &str) -> Value {
    if matches!(name, "decimal" | "decimal?") {
        return written.into();
    }
    with_short_dates(serde_json::from_str(written).unwrap_or_else(|_| written.into()))
}

fn with_short_dates(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(with_short_dates).collect(),
        value => value.as_str().and_then(parse::date).map_or(value, Value::String),
    }
}

fn error(name: &str, problems: &Problems) -> Value {
    match (name, problems) {
        ("bool" | "bool?", Problems::Members(_)) => json!({ "error": "FormatException" }),
        _ => json!({ "error": "binding" }),
    }
}

fn unknown(name: &str) -> Unsupported {
    Unsupported::because(format!("the type {name}"))
}
