//! Attributes as annotations, or as comments where Java has no such annotation.

use crate::codegen::attribute_parts::{Argument, Attribute, Value};
use crate::codegen::source::Source;
use crate::codegen::text::quoted;

/// Annotations of the package `net.servicestack.client`.
const ANNOTATIONS: &[&str] = &[
    "Api",
    "ApiMember",
    "ApiResponse",
    "DataContract",
    "DataMember",
    "Flags",
    "Required",
    "Route",
];

/// Writes attributes. Of several with one name only the first is an annotation: most of them may
/// not be repeated.
pub(super) fn write(attributes: &[Attribute], out: &mut Source) {
    let mut written: Vec<&str> = Vec::new();
    for attribute in attributes {
        let is_first = !written.contains(&attribute.name.as_str());
        written.push(&attribute.name);
        let mark = if is_first && is_annotation(attribute) { "" } else { "// " };
        out.line(format!("{mark}@{}", spelled(attribute)));
    }
}

/// Whether Java takes the attribute: it has one value at most that only its place tells.
fn is_annotation(attribute: &Attribute) -> bool {
    let is_route = attribute.name == "Route";
    let named = attribute.arguments.iter().filter(|argument| argument.name.is_some()).count();
    let is_plain = |argument: &Argument| match &argument.value {
        Value::Word(word) => {
            matches!(word.as_str(), "true" | "false") || word.parse::<i64>().is_ok()
        }
        Value::Text(_) | Value::Type(_) => true,
    };
    let all = attribute.arguments.len();
    ANNOTATIONS.contains(&attribute.name.as_str())
        && attribute.arguments.iter().all(is_plain)
        && (is_route || named == all || all == 1)
}

/// `@Route("/x")`, `@Route(Path="/x", Verbs="GET")`, `@Flags()`.
fn spelled(attribute: &Attribute) -> String {
    match (attribute.name.as_str(), attribute.arguments.as_slice()) {
        (name, []) => format!("{name}()"),
        ("Route", [path, verbs]) => {
            format!("Route(Path={}, Verbs={})", spell(&path.value), spell(&verbs.value))
        }
        _ => attribute.spelled("=", spell),
    }
}

fn spell(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text, '"', &[]),
        Value::Type(name) => format!("{}.class", name.rsplit('.').next().unwrap_or(name)),
        Value::Word(word) => word.clone(),
    }
}
