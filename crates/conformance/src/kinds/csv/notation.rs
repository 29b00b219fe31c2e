//! The notation in which vectors state values of types that they do not describe:
//! `[DataContract] {Results:List<Sub>[a/1,b/2],Total:5,Note:x}`, `Person{Id:1,Name:"\"x\""}`.

use serde_json::{Map, Value, json};

/// Attributes that make a response a wrapper.
const CONTRACTS: [&str; 2] = ["[DataContract]", "[Csv]"];

/// A stated value.
pub(super) struct Notation {
    pub(super) is_contract: bool,
    pub(super) value: Value,
}

impl Notation {
    /// `None` if the text is no such notation.
    pub(super) fn parse(text: &str) -> Option<Notation> {
        let text = text.trim();
        let body = CONTRACTS.iter().find_map(|attribute| text.strip_prefix(attribute));
        let value = value(body.unwrap_or(text))?;
        let is_composite = value.is_object() || value.is_array();
        is_composite.then_some(Notation { is_contract: body.is_some(), value })
    }
}

fn members(body: &str) -> Option<Map<String, Value>> {
    let member = |part: &str| {
        let (name, stated) = part.split_once(':').unwrap_or((part, "null"));
        Some((name.trim().to_owned(), value(stated)?))
    };
    parts(body).into_iter().map(member).collect()
}

/// A quoted text, a list, a record, `name/age`, `null`, a number, or a bare text. A type's name
/// before a bracket is for people.
fn value(stated: &str) -> Option<Value> {
    let stated = stated.trim();
    if stated.starts_with('"') {
        return serde_json::from_str(stated).ok();
    }
    match stated.find(['[', '{']) {
        Some(at) if stated.as_bytes()[at] == b'[' => {
            let items = stated[at + 1..].strip_suffix(']')?;
            return parts(items).into_iter().map(value).collect();
        }
        Some(at) => {
            let body = stated[at + 1..].strip_suffix('}')?;
            return members(body).map(Value::Object);
        }
        None => {}
    }
    if let Some((name, age)) = stated.rsplit_once('/') {
        let name = name.rsplit(' ').next().unwrap_or(name);
        return Some(json!({ "Name": name, "Age": age.parse::<i32>().ok()? }));
    }
    Some(serde_json::from_str(stated).unwrap_or_else(|_| stated.into()))
}

/// The text cut at commas that stand outside of quotes and brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut is_quoted) = (Vec::new(), 0, 0_usize, false);
    let mut previous = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if previous != '\\' => is_quoted = !is_quoted,
            '[' | '{' | '<' if !is_quoted => depth += 1,
            ']' | '}' | '>' if !is_quoted => depth = depth.saturating_sub(1),
            ',' if !is_quoted && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        previous = letter;
    }
    if !text[start..].trim().is_empty() {
        parts.push(&text[start..]);
    }
    parts
}
