//! The file of vectors: one JSON object a line, each a known input with its right output.

use serde_json::Value;

/// One known input with its right output.
#[derive(Debug, Clone)]
pub struct Vector {
    /// The line it stands in, from 1.
    pub line: usize,
    /// Its name in reports.
    pub id: String,
    /// What it is about; decides how it is run.
    pub kind: String,
    /// The input, in the form of its kind.
    pub input: Value,
    /// The right output.
    pub expected: Value,
    /// The type that the input is read into, where the kind needs one.
    pub schema: Option<String>,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// A line is no JSON object.
    #[error("line {line} is no JSON object: {reason}")]
    NotAnObject {
        /// The line, from 1.
        line: usize,
        /// What the reader says.
        reason: String,
    },
    /// A vector lacks something.
    #[error("line {line} has no member '{member}'; every vector needs id, kind, input, expected")]
    MissingMember {
        /// The line, from 1.
        line: usize,
        /// What is missing.
        member: &'static str,
    },
}

/// Lines of this kind describe the types used; they are no vectors.
const SCHEMA_KIND: &str = "_schema";

/// Takes the text of a file apart. Empty lines and lines that describe types are passed over.
///
/// # Errors
/// [`VectorError`] for the first malformed line.
pub fn parse(text: &str) -> Result<Vec<Vector>, VectorError> {
    let mut vectors = Vec::new();
    for (index, content) in text.lines().enumerate() {
        if !content.trim().is_empty() {
            vectors.extend(parse_line(index + 1, content)?);
        }
    }
    Ok(vectors)
}

fn parse_line(line: usize, content: &str) -> Result<Option<Vector>, VectorError> {
    let not_an_object = |reason: String| VectorError::NotAnObject { line, reason };
    let value: Value =
        serde_json::from_str(content).map_err(|error| not_an_object(error.to_string()))?;
    let object = value.as_object().ok_or_else(|| not_an_object("it is another value".into()))?;
    let member = |member: &'static str| {
        object.get(member).ok_or(VectorError::MissingMember { line, member })
    };
    let text = |name: &'static str| {
        let text = member(name)?.as_str();
        text.map(str::to_owned).ok_or(VectorError::MissingMember { line, member: name })
    };
    let kind = text("kind")?;
    if kind == SCHEMA_KIND {
        return Ok(None);
    }
    Ok(Some(Vector {
        line,
        id: text("id")?,
        kind,
        input: member("input")?.clone(),
        expected: member("expected")?.clone(),
        schema: object.get("schema").and_then(Value::as_str).map(str::to_owned),
    }))
}

#[cfg(test)]
mod tests {
    use super::{VectorError, parse};

    /// Proves that a malformed line is named by its number.
    #[test]
    fn names_the_malformed_line() {
        let good = r#"{"id":"a","kind":"k","input":1,"expected":2}"#;
        assert_eq!(parse(&format!("{good}\n\n{good}\n")).unwrap().len(), 2);
        let error = parse(&format!("{good}\nnonsense")).unwrap_err();
        assert!(matches!(error, VectorError::NotAnObject { line: 2, .. }), "{error}");
        let error = parse(r#"{"id":"a","kind":"k","input":1}"#).unwrap_err();
        assert_eq!(error, VectorError::MissingMember { line: 1, member: "expected" });
        assert!(parse(r#"{"id":"schema","kind":"_schema"}"#).unwrap().is_empty());
    }
}
