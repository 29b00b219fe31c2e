//! Values written as JSON or JSV. The input says in one of several forms which value.

use serde_json::Value;
use wire::{DateHandler, Enumeration, Settings, parse_enum};

use super::{Output, Unsupported, text};
use crate::transcode::{self, Input};
use crate::types::Permission;
use crate::vector::Vector;

pub(super) fn json(vector: &Vector) -> Output {
    run(&vector.input, transcode::Output::Json)
}

pub(super) fn jsv(vector: &Vector) -> Output {
    run(&vector.input, transcode::Output::Jsv)
}

fn run(input: &Value, output: transcode::Output) -> Output {
    if let Some(name) = text(input, "type") {
        let value = input.get("value").unwrap_or(&Value::Null);
        return typed(name, value, output);
    }
    if let Some(value) = text(input, "toplevel") {
        let (name, value) = value.split_once(' ').unwrap_or((value, ""));
        return written(name, Input::Jsv(value), output, &Settings::default());
    }
    if let Some(value) = text(input, "datetime") {
        return date(value, text(input, "DateHandler"), output);
    }
    if let Some(value) = text(input, "enum") {
        return enumeration(value, output);
    }
    for (form, name) in
        [("guid", "Guid"), ("timespan", "TimeSpan"), ("decimal", "decimal"), ("double", "double")]
    {
        if let Some(value) = text(input, form) {
            return written(name, Input::Jsv(value), output, &Settings::default());
        }
    }
    for form in ["string", "char", "uri"] {
        if let Some(value) = input.get(form) {
            let value = value.to_string();
            return written("string", Input::Json(&value), output, &Settings::default());
        }
    }
    match text(input, "bytes") {
        Some(value) => written("byte[]", Input::Json(value), output, &Settings::default()),
        None => Err(Unsupported::because(format!("the form of input {input}"))),
    }
}

/// A type and its value in JSON. The type may be followed by words for people, or be given inside
/// the value.
fn typed(name: &str, value: &Value, output: transcode::Output) -> Output {
    let inner = text(value, "type");
    let first_word = name.split([' ', '{']).next().unwrap_or_default();
    let candidates = [Some(name), inner, Some(first_word)];
    let known = candidates.into_iter().flatten().find(|name| transcode::of_type(name).is_some());
    let Some(known) = known else {
        return Err(Unsupported::because(format!("the type {name}")));
    };
    written(known, Input::Json(&value.to_string()), output, &Settings::default())
}

fn written(name: &str, input: Input<'_>, output: transcode::Output, settings: &Settings) -> Output {
    let transcode =
        transcode::of_type(name).ok_or_else(|| Unsupported::because(format!("the type {name}")))?;
    transcode(input, output, settings)
        .map(Value::String)
        .map_err(|problems| Unsupported::because(problems.to_string()))
}

/// `Utc …Z`, `Unspecified …`, `Local … at -05:00`, with a handler whose name may be followed by
/// words for people.
fn date(value: &str, handler: Option<&str>, output: transcode::Output) -> Output {
    let (kind, rest) = value.split_once(' ').unwrap_or(("", value));
    let (time, offset) = rest.split_once(" at ").unwrap_or((rest, ""));
    let zone = if kind == "Utc" && !time.ends_with('Z') { "Z" } else { offset };
    let zoned = format!("\"{time}{zone}\"");
    let settings = Settings { dates: date_handler(handler)?, ..Settings::default() };
    written("DateTime", Input::Json(&zoned), output, &settings)
}

fn date_handler(name: Option<&str>) -> Result<DateHandler, Unsupported> {
    let Some(name) = name else { return Ok(DateHandler::default()) };
    let first_word = name.split(' ').next().unwrap_or_default();
    let dates = DateHandler::TimestampOffset;
    let mut settings = Settings { dates, ..Settings::default() };
    settings.apply_jsconfig(&format!("dh:{first_word}"));
    let is_known = settings.dates != DateHandler::TimestampOffset
        || first_word.eq_ignore_ascii_case("TimestampOffset");
    is_known
        .then_some(settings.dates)
        .ok_or_else(|| Unsupported::because(format!("the date handler {name}")))
}

/// `[Flags] Read|Write`, `Code.B (=10)`, `[EnumMember(Value="…")] Unknown`, `Color 7`.
fn enumeration(value: &str, output: transcode::Output) -> Output {
    let (attribute, rest) = value.split_once("] ").unwrap_or(("", value));
    let attribute = attribute.trim_start_matches('[');
    let name = rest.split(" (").next().unwrap_or(rest);
    let (type_name, name) = name.split_once(['.', ' ']).unwrap_or(("Color", name));
    let settings = Settings {
        treat_enum_as_integer: matches!(attribute, "EnumAsInt" | "TreatEnumAsInteger"),
        ..Settings::default()
    };
    if attribute == "Flags" {
        let flags = flags(name).ok_or_else(|| Unsupported::because(value))?;
        return written("Permission", Input::Jsv(&flags.to_string()), output, &settings);
    }
    let type_name = if attribute.starts_with("EnumMember") { "Status" } else { type_name };
    written(type_name, Input::Jsv(name), output, &settings)
}

/// The number of several flags together.
fn flags(names: &str) -> Option<i32> {
    let mut numbers = names
        .split(['|', ','])
        .map(|name| parse_enum::<Permission>(name.trim()).map(Enumeration::number));
    numbers.try_fold(0, |all, number| Some(all | number?))
}
