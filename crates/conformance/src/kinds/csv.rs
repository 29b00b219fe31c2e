//! CSV: values written, documents read, and lines taken apart.

mod notation;

use serde_json::Value;
use wire::Settings;

use super::{Output, Unsupported, parse, text, whole_text};
use crate::stated::{self, Objects, Stated};
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
    let name = if name.starts_with("[DataContract]") { "Table" } else { name };
    let settings =
        Settings { exclude_default_values: true, always_use_utc: true, ..Settings::default() };
    let written =
        transcoded(name, Input::Csv(whole_text(vector)?), transcode::Output::Json, &settings)?;
    Ok(parse::compared(&written))
}

/// The value is stated as JSON with a type, or in the notation of [`notation`].
pub(super) fn serialize(vector: &Vector) -> Output {
    let input = match &vector.input {
        Value::String(stated) => {
            let notation = Notation::parse(stated).ok_or_else(|| Unsupported::because(stated))?;
            let objects = Objects::Records { contract: notation.is_contract };
            return written(notation.value, objects);
        }
        input => input,
    };
    let value = input.get("value").cloned().unwrap_or_default();
    let stated = text(input, "type").unwrap_or_default();
    if stated::is_of_anything(stated) {
        return written(value, Objects::Dictionaries);
    }
    let name = type_name(stated)?;
    let value = value.to_string();
    let settings = Settings::default();
    transcoded(&name, Input::Json(&value), transcode::Output::Csv, &settings).map(Value::String)
}

/// A value whose type follows from it.
fn written(value: Value, objects: Objects) -> Output {
    let too_many = || Unsupported::because("a value of too many types");
    let stated = Stated::new(value, objects).ok_or_else(too_many)?;
    let mut out = Vec::new();
    wire::csv::write(&stated, &Settings::default(), &mut out);
    Ok(String::from_utf8_lossy(&out).into())
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
