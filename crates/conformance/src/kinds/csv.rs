//! CSV: values written, documents read, and lines taken apart.

mod notation;

use serde_json::{Map, Value};
use wire::Settings;

use super::{Output, Unsupported, parse, text, whole_text};
use crate::transcode::{self, Input};
use crate::vector::Vector;
use notation::Notation;

pub(super) fn fields(vector: &Vector) -> Output {
    let fields = wire::csv::fields(whole_text(vector)?)
        .map_err(|fault| Unsupported::because(fault.to_string()))?;
    Ok(fields.into_iter().map(|field| field.map_or(Value::Null, Value::from)).collect())
}

pub(super) fn parse(vector: &Vector) -> Output {
    let name = vector.schema.as_deref().unwrap_or("List<Sub>");
    let settings =
        Settings { exclude_default_values: true, always_use_utc: true, ..Settings::default() };
    let written =
        transcoded(name, Input::Csv(whole_text(vector)?), transcode::Output::Json, &settings)?;
    Ok(parse::compared(&written))
}

/// The value is stated as JSON with a type, or in the notation of [`notation`].
pub(super) fn serialize(vector: &Vector) -> Output {
    let (name, value) = match &vector.input {
        Value::String(stated) => typed(stated)?,
        input => (
            type_name(text(input, "type").unwrap_or_default())?,
            input.get("value").cloned().unwrap_or_default(),
        ),
    };
    let value = value.to_string();
    let settings = Settings::default();
    transcoded(&name, Input::Json(&value), transcode::Output::Csv, &settings).map(Value::String)
}

fn transcoded(
    name: &str,
    input: Input<'_>,
    output: transcode::Output,
    settings: &Settings,
) -> Result<String, Unsupported> {
    let transcode =
        transcode::of_type(name).ok_or_else(|| Unsupported::because(format!("the type {name}")))?;
    transcode(input, output, settings)
        .map_err(|problems| Unsupported::because(problems.to_string()))
}

/// The type among words for people: `empty List<Sub>`, `Nested nulls`, `Resp{Results,Total}`.
fn type_name(stated: &str) -> Result<String, Unsupported> {
    let words = stated.split(' ').map(|word| word.split('{').next().unwrap_or(word));
    let mut candidates = std::iter::once(stated).chain(words);
    candidates
        .find(|name| transcode::of_type(name).is_some())
        .map(str::to_owned)
        .ok_or_else(|| Unsupported::because(format!("the type {stated}")))
}

/// What decides how a class with `[DataContract]` is shown is the sort of its members, so the type
/// is chosen by them.
fn typed(stated: &str) -> Result<(String, Value), Unsupported> {
    let stated = Notation::parse(stated).ok_or_else(|| Unsupported::because(stated))?;
    if !stated.is_contract {
        return Ok((stated.name, Value::Object(stated.members)));
    }
    let texts = |value: &Value| value.as_array().is_some_and(|l| l.iter().any(Value::is_string));
    let (name, member) = if stated.members.values().any(texts) {
        ("Names", "Names")
    } else if stated.members.iter().any(|(name, value)| value.is_array() || name == "Results") {
        ("Table", "Results")
    } else if stated.members.values().any(Value::is_object) {
        ("Single", "Sub")
    } else {
        ("Scalars", "")
    };
    Ok((name.to_owned(), renamed(stated.members, member)))
}

/// The members with the first list or record under the name that the type has for it.
fn renamed(members: Map<String, Value>, member: &str) -> Value {
    let is_composite = |value: &Value| value.is_array() || value.is_object();
    let name_of = |(name, value): (String, Value)| {
        let name = if is_composite(&value) { member.to_owned() } else { name };
        (name, value)
    };
    Value::Object(members.into_iter().map(name_of).collect())
}
