//! Names: the algorithms of the name styles, and records written in them.

use serde_json::Value;
use wire::{NameStyle, Settings, case};

use super::{Output, Unsupported, samples, whole_text};
use crate::transcode::{self, Input};
use crate::vector::Vector;

pub(super) fn camel_case(vector: &Vector) -> Output {
    whole_text(vector).map(|name| case::camel(name).into())
}

pub(super) fn snake_case(vector: &Vector) -> Output {
    whole_text(vector).map(|name| case::snake(name).into())
}

pub(super) fn naming_camel(vector: &Vector) -> Output {
    naming(vector, NameStyle::Camel)
}

pub(super) fn naming_pascal(vector: &Vector) -> Output {
    naming(vector, NameStyle::Pascal)
}

pub(super) fn naming_snake(vector: &Vector) -> Output {
    naming(vector, NameStyle::Snake)
}

/// `{Type} sample`, or a type, a blank and its value with names that need no quotes.
fn naming(vector: &Vector, style: NameStyle) -> Output {
    let input = whole_text(vector)?;
    let settings = Settings::named(style);
    if let Some(name) = input.strip_suffix(" sample") {
        let meta = transcode::meta_of(name).ok_or_else(|| unknown(name))?;
        return Ok(samples::json(meta, &settings).into());
    }
    let (name, value) = input.split_once(' ').ok_or_else(|| unknown(input))?;
    let transcode = transcode::of_type(name).ok_or_else(|| unknown(name))?;
    transcode(Input::Jsv(value), transcode::Output::Json, &settings)
        .map(Value::String)
        .map_err(|problems| Unsupported::because(problems.to_string()))
}

fn unknown(name: &str) -> Unsupported {
    Unsupported::because(format!("the type {name}"))
}
