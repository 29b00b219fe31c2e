//! The kinds of vectors, each a function from input to output.

mod authentication;
mod batch;
mod csv;
mod errors;
mod names;
mod negotiation;
mod parse;
mod query;
mod route;
mod samples;
mod scalars;
mod serialize;
mod sources;
mod validation;

use serde_json::Value;

use crate::report::Verdict;
use crate::vector::Vector;

/// The output of a vector, or why there is none.
type Output = Result<Value, Unsupported>;

/// Why a vector cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsupported(String);

impl Unsupported {
    fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

type Run = fn(&Vector) -> Output;

/// Kinds and how they are run.
const KINDS: &[(&str, Run)] = &[
    ("auth", authentication::run),
    ("batch", batch::run),
    ("camel-case", names::camel_case),
    ("compression", negotiation::compression),
    ("csv-fields", csv::fields),
    ("csv-parse", csv::parse),
    ("csv-serialize", csv::serialize),
    ("decimal-serialize", scalars::decimal),
    ("double-serialize", scalars::double),
    ("error-body", errors::body),
    ("error-status", errors::status),
    ("json-parse", parse::json),
    ("json-serialize", serialize::json),
    ("jsonp", errors::jsonp),
    ("jsv-format", samples::jsv_format),
    ("jsv-parse", parse::jsv),
    ("jsv-serialize", serialize::jsv),
    ("kotlin", sources::kotlin),
    ("metadata-sample", samples::metadata_sample),
    ("naming-camel", names::naming_camel),
    ("naming-pascal", names::naming_pascal),
    ("naming-snake", names::naming_snake),
    ("negotiation", negotiation::run),
    ("python-enum", sources::python_enum),
    ("python-enum-name", sources::python_enum_name),
    ("python-line", sources::python_line),
    ("python-name", sources::python_name),
    ("querystring-parse", query::parse),
    ("querystring-serialize", query::serialize),
    ("route", route::run),
    ("snake-case", names::snake_case),
    ("timespan-parse", scalars::timespan_parse),
    ("timespan-serialize", scalars::timespan_serialize),
    ("validation", validation::run),
    ("typescript", sources::typescript),
];

/// Kinds that describe client programs: no server can pass or fail them.
const INFORMATIVE: &[(&str, &str)] = &[(
    "client",
    "what a client program does; crates/guichet/tests/clients tries the real ones on the server",
)];

/// Runs one vector.
pub(crate) fn run(vector: &Vector) -> Verdict {
    if let Some((_, reason)) = INFORMATIVE.iter().find(|(kind, _)| *kind == vector.kind) {
        return Verdict::Informative { reason };
    }
    let Some((_, run)) = KINDS.iter().find(|(kind, _)| *kind == vector.kind) else {
        return Verdict::Unsupported { reason: format!("kind {}", vector.kind) };
    };
    match run(vector) {
        Ok(actual) if agrees(&actual, &vector.expected) => Verdict::Passed,
        Ok(actual) => Verdict::Failed { actual },
        Err(Unsupported(reason)) => Verdict::Unsupported { reason },
    }
}

/// Whether two values are the same; `1000.0` is the number that `1000` is.
fn agrees(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Number(actual), Value::Number(expected)) => {
            actual == expected || actual.as_f64() == expected.as_f64()
        }
        (Value::Array(actual), Value::Array(expected)) => {
            let mut pairs = actual.iter().zip(expected);
            actual.len() == expected.len()
                && pairs.all(|(actual, expected)| agrees(actual, expected))
        }
        (Value::Object(actual), Value::Object(expected)) => {
            let is_same = |(name, expected): (&String, &Value)| {
                actual.get(name).is_some_and(|actual| agrees(actual, expected))
            };
            actual.len() == expected.len() && expected.iter().all(is_same)
        }
        _ => actual == expected,
    }
}

/// Of all that is known of an answer, what the vector looks at.
fn asked(all: Value, expected: &Value) -> Value {
    match all {
        Value::Object(mut all) if expected.is_object() => {
            all.retain(|name, _| expected.get(name).is_some());
            Value::Object(all)
        }
        other => other,
    }
}

/// The text in `input` at `name`; `None` when absent or no text.
fn text<'v>(input: &'v Value, name: &str) -> Option<&'v str> {
    input.get(name).and_then(Value::as_str)
}

/// The input itself as text.
fn whole_text(vector: &Vector) -> Result<&str, Unsupported> {
    vector.input.as_str().ok_or_else(|| Unsupported::because("an input that is no text"))
}
