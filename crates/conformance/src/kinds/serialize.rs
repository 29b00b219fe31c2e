//! Values written as JSON or JSV. The input says in one of several forms which value.

use serde_json::Value;
use wire::{DateHandler, Enumeration, Settings, parse_enum};

use super::{Output, Unsupported, text};
use crate::stated::{self, Objects, Stated};
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
    let settings = settings(input);
    if let Some(name) = text(input, "type") {
        let value = input.get("value").unwrap_or(&Value::Null);
        return typed(name, value, output, &settings);
    }
    if let Some(value) = text(input, "toplevel") {
        let (name, value) = value.split_once(' ').unwrap_or((value, ""));
        let text = Value::from(value).to_string();
        let input = if name == "string" { Input::Json(&text) } else { Input::Jsv(value) };
        return written(name, input, output, &settings);
    }
    let offset = DATE_TIME_OFFSET.iter().find_map(|form| text(input, form));
    if let Some(value) = offset {
        return date_with_offset(value, text(input, "DateHandler"), output);
    }
    if let Some(value) = text(input, "datetime") {
        return date(value, text(input, "DateHandler"), output);
    }
    if let Some(value) = text(input, "enum") {
        return enumeration(value, output, &settings);
    }
    let form = SCALARS.iter().find_map(|(form, name)| Some((*name, input.get(form)?)));
    match form {
        // Bytes are stated as the text of a list.
        Some(("byte[]", Value::String(list))) => {
            written("byte[]", Input::Json(list), output, &settings)
        }
        Some((name, value)) => written(name, Input::Json(&value.to_string()), output, &settings),
        None => Err(Unsupported::because(format!("the form of input {input}"))),
    }
}

/// Forms of input that state one scalar, and its type.
const SCALARS: [(&str, &str); 13] = [
    ("guid", "Guid"),
    ("timespan", "TimeSpan"),
    ("decimal", "decimal"),
    ("double", "double"),
    ("float", "float"),
    ("int", "int"),
    ("long", "long"),
    ("bool", "bool"),
    ("string", "string"),
    ("char", "char"),
    ("uri", "Uri"),
    ("bytes", "byte[]"),
    ("color", "Color"),
];

/// The options that an input states beside its value, by the framework's own names.
fn settings(input: &Value) -> Settings {
    let mut settings = Settings::default();
    for (name, value) in input.as_object().into_iter().flatten() {
        match value {
            Value::Bool(on) => settings.apply_jsconfig(&format!("{name}:{on}")),
            Value::String(text) if name == "jsconfig" => settings.apply_jsconfig(text),
            Value::String(handler) if name.ends_with("Handler") => {
                // Words for people may follow; a class name may precede.
                let word = handler.split(' ').next().unwrap_or_default();
                let word = word.rsplit('.').next().unwrap_or(word);
                settings.apply_jsconfig(&format!("{name}:{word}"));
            }
            _ => {}
        }
    }
    settings
}

/// A type and its value in JSON. The type may be followed by words for people, or be given inside
/// the value.
fn typed(name: &str, value: &Value, output: transcode::Output, settings: &Settings) -> Output {
    if stated::is_of_anything(name) {
        return untyped(value, output, settings);
    }
    let inner = text(value, "type");
    let first_word = name.split([' ', '{']).next().unwrap_or_default();
    let candidates = [Some(name), inner, Some(first_word)];
    let known = candidates.into_iter().flatten().find(|name| transcode::of_type(name).is_some());
    let Some(known) = known else {
        return Err(Unsupported::because(format!("the type {name}")));
    };
    written(known, Input::Json(&value.to_string()), output, settings)
}

/// A dictionary whose values are of any type.
fn untyped(value: &Value, output: transcode::Output, settings: &Settings) -> Output {
    let stated = Stated::new(value.clone(), Objects::Dictionaries)
        .ok_or_else(|| Unsupported::because("a value of too many types"))?;
    let mut out = Vec::new();
    match output {
        transcode::Output::Jsv => wire::jsv::write(&stated, settings, &mut out),
        _ => wire::json::write(&stated, settings, &mut out),
    }
    Ok(String::from_utf8_lossy(&out).into())
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

/// How vectors may call a date that always has an offset.
const DATE_TIME_OFFSET: [&str; 3] = ["datetimeoffset", "dateTimeOffset", "DateTimeOffset"];

/// The round-trip form of ISO 8601 with its offset, which in JSV has no quotes; JSON follows the
/// handler. No contract has the type: a date with an offset is a `DateTime` here.
fn date_with_offset(value: &str, handler: Option<&str>, output: transcode::Output) -> Output {
    let value =
        value.strip_suffix('Z').map_or_else(|| value.to_owned(), |day| format!("{day}+00:00"));
    let json = transcode::Output::Json;
    let settings = match output {
        transcode::Output::Json => {
            Settings { dates: date_handler(handler)?, ..Settings::default() }
        }
        _ => Settings::default(),
    };
    let written = written("DateTime", Input::Json(&format!("\"{value}\"")), json, &settings)?;
    Ok(match (output, written.as_str()) {
        (transcode::Output::Jsv, Some(text)) => text.trim_matches('"').into(),
        _ => written,
    })
}

fn date_handler(name: Option<&str>) -> Result<DateHandler, Unsupported> {
    let Some(name) = name else { return Ok(DateHandler::default()) };
    let first_word = name.split(' ').next().unwrap_or_default();
    let first_word = first_word.rsplit('.').next().unwrap_or(first_word);
    let dates = DateHandler::TimestampOffset;
    let mut settings = Settings { dates, ..Settings::default() };
    settings.apply_jsconfig(&format!("dh:{first_word}"));
    let is_known = settings.dates != DateHandler::TimestampOffset
        || first_word.eq_ignore_ascii_case("TimestampOffset");
    is_known
        .then_some(settings.dates)
        .ok_or_else(|| Unsupported::because(format!("the date handler {name}")))
}

/// `[Flags] Read|Write`, `Code.B (=10)`, `[EnumMember(Value="…")] Unknown`, `Color 7`, `(Color)7`.
/// Words for people may precede the type or follow the value.
fn enumeration(value: &str, output: transcode::Output, settings: &Settings) -> Output {
    let (attribute, rest) = value.split_once("] ").unwrap_or(("", value));
    let attribute = attribute.trim_start_matches('[');
    let names_option = ["EnumAsInt", "TreatEnumAsInteger"].iter().any(|o| value.contains(o));
    let settings = &Settings {
        treat_enum_as_integer: settings.treat_enum_as_integer || names_option,
        ..*settings
    };
    let is_separator = |letter: char| matches!(letter, ' ' | '.' | '(' | ')' | ',' | '|' | '=');
    let words: Vec<&str> = rest.split(is_separator).filter(|word| !word.is_empty()).collect();
    if attribute == "Flags" {
        let flags = flags(&words).ok_or_else(|| Unsupported::because(value))?;
        return written("Permission", Input::Jsv(&flags.to_string()), output, settings);
    }
    let known = words.iter().position(|word| transcode::of_type(word).is_some());
    let type_name = match known {
        Some(at) => words[at],
        None if attribute.starts_with("EnumMember") => "Status",
        None => "Color",
    };
    let is_name = |word: &&str| !["undefined", "value", "TreatEnumAsInteger"].contains(word);
    let name = words.iter().skip(known.map_or(0, |at| at + 1)).copied().find(is_name);
    let name = name.ok_or_else(|| Unsupported::because(value))?;
    written(type_name, Input::Jsv(name), output, settings)
}

/// The number of several flags together; the name of their type may stand among them.
fn flags(words: &[&str]) -> Option<i32> {
    let numbers = words.iter().filter(|word| **word != "Permission").map(|word| {
        let named = parse_enum::<Permission>(word).map(Enumeration::number);
        named.or_else(|| word.parse().ok())
    });
    numbers
        .map(|number| number.ok_or(()))
        .try_fold(0, |all, number| Ok::<_, ()>(all | number?))
        .ok()
}
