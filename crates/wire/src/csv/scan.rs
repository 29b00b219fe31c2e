//! CSV as plain text: where fields and lines end.

use crate::{Fault, jsv};
use std::borrow::Cow;

/// One field as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    /// Its text without the quotes around it; quotes inside are still doubled.
    pub(super) content: &'t str,
    pub(super) is_quoted: bool,
    pub(super) has_doubled: bool,
    /// Where it ends: at a comma, a line break or the end of the text.
    pub(super) end: usize,
}

impl<'t> Field<'t> {
    /// The field that begins at `start`. Quotes count only there; further in they are ordinary.
    pub(super) fn at(text: &'t str, start: usize) -> Result<Self, Fault> {
        let bytes = text.as_bytes();
        let rest = bytes.get(start..).unwrap_or_default();
        if rest.first() != Some(&b'"') {
            let end = start + memchr::memchr3(b',', b'\r', b'\n', rest).unwrap_or(rest.len());
            let content = text.get(start..end).unwrap_or_default();
            return Ok(Self { content, is_quoted: false, has_doubled: false, end });
        }
        let (end, has_doubled) = jsv::quoted_end(bytes, start)?;
        if !matches!(bytes.get(end), None | Some(b',' | b'\r' | b'\n')) {
            let expected = "',' or the end of the line after a quoted field";
            return Err(Fault::Syntax { position: end, expected });
        }
        let content = text.get(start + 1..end - 1).unwrap_or_default();
        Ok(Self { content, is_quoted: true, has_doubled, end })
    }

    /// Appends the content with single quotes.
    pub(super) fn unescape_into(&self, out: &mut String) {
        let mut parts = self.content.split("\"\"");
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            out.push('"');
            out.push_str(part);
        }
    }

    /// Bytes that [`Field::unescape_into`] appends.
    pub(super) fn unescaped_length(&self) -> usize {
        self.content.len() - self.content.matches("\"\"").count()
    }
}

/// The position after the line break at `position`, if there is one.
pub(super) fn after_line_break(bytes: &[u8], position: usize) -> Option<usize> {
    match bytes.get(position..)? {
        [b'\r', b'\n', ..] => Some(position + 2),
        [b'\r' | b'\n', ..] => Some(position + 1),
        _ => None,
    }
}

/// The fields of the first line; one that is empty and not quoted is `None`.
///
/// # Errors
/// [`Fault::Syntax`] if a quoted field is not closed, or text follows its closing quote.
pub fn fields(text: &str) -> Result<Vec<Option<Cow<'_, str>>>, Fault> {
    let mut fields = Vec::new();
    let mut start = 0;
    loop {
        let field = Field::at(text, start)?;
        fields.push(match field {
            Field { content: "", is_quoted: false, .. } => None,
            Field { has_doubled: true, .. } => {
                let mut unescaped = String::with_capacity(field.content.len());
                field.unescape_into(&mut unescaped);
                Some(Cow::Owned(unescaped))
            }
            Field { content, .. } => Some(Cow::Borrowed(content)),
        });
        if text.as_bytes().get(field.end) != Some(&b',') {
            return Ok(fields);
        }
        start = field.end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    /// Proves where fields end, and that an empty one differs from an empty text.
    #[test]
    fn a_line_is_taken_apart() {
        let check = |line: &str, expected: &[Option<&str>]| {
            let found = fields(line).unwrap();
            let found: Vec<_> = found.iter().map(Option::as_deref).collect();
            assert_eq!(found, expected, "{line}");
        };
        check("A,B", &[Some("A"), Some("B")]);
        check("\"A\"\",B\"", &[Some("A\",B")]);
        check(",A,,", &[None, Some("A"), None, None]);
        check("\"\",{A,b\"c\"", &[Some(""), Some("{A"), Some("b\"c\"")]);
        check("\"l\r\nm\",n\nnext", &[Some("l\r\nm"), Some("n")]);
        check("\"\"\"\"", &[Some("\"")]);
    }

    /// Proves that a broken field is told, and where.
    #[test]
    fn a_broken_field_is_refused() {
        let error = |line: &str| fields(line).unwrap_err().to_string();
        assert!(error("a,\"b").starts_with("at byte 2: a quoted text that is closed"));
        assert!(error("a,\"b\"c").starts_with("at byte 5: ',' or the end of the line"));
    }
}
