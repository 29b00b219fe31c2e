//! Fields of `multipart/form-data`, which stand beside those of the query string
//! (`servicestack.md` §5.4).
//!
//! The parser is our own because the libraries for this are asynchronous and made for uploads: here
//! the body is in memory and bounded already, and files are passed over.

use crate::query::Pair;
use crate::{Fault, limits};
use memchr::memmem;
use std::borrow::Cow;

/// Bytes of a boundary, by RFC 2046.
const BOUNDARY_LENGTH_MAX: usize = 70;

/// Bytes of the header of one part.
const HEADER_LENGTH_MAX: usize = 4096;

/// The boundary that a `Content-Type` names; `None` if it names none or one that is too long.
#[must_use]
pub fn boundary(content_type: &str) -> Option<Cow<'_, str>> {
    let boundary = parameter(content_type, "boundary")?;
    (1..=BOUNDARY_LENGTH_MAX).contains(&boundary.len()).then_some(boundary)
}

/// Names and values of the fields, in their order. Parts that are files, and parts without a name,
/// are passed over.
///
/// # Errors
/// [`Fault::TooLong`] above [`limits::BODY_LENGTH_MAX`]; [`Fault::TooManyMembers`] above
/// [`limits::MEMBERS_MAX`] parts; [`Fault::NotUtf8`] if a field or a header is not text;
/// [`Fault::Syntax`] if the boundaries do not match, a header is longer than 4096 bytes, or a field
/// comes in a transfer encoding.
pub fn fields<'b>(boundary: &str, body: &'b [u8]) -> Result<Vec<Pair<'b>>, Fault> {
    if body.len() > limits::BODY_LENGTH_MAX {
        return Err(Fault::TooLong { length: body.len() });
    }
    let mut parts = Parts { body, position: 0, delimiter: format!("--{boundary}") };
    parts.begin()?;
    let mut fields = Vec::new();
    for _ in 0..=limits::MEMBERS_MAX {
        let Some(part) = parts.next()? else { return Ok(fields) };
        fields.extend(part.field()?);
    }
    Err(Fault::TooManyMembers)
}

/// The parts of a body, one after the other.
struct Parts<'b> {
    body: &'b [u8],
    position: usize,
    delimiter: String,
}

/// One part, with where its header and its content begin in the body.
struct Part<'b> {
    header: &'b [u8],
    header_start: usize,
    content: &'b [u8],
    content_start: usize,
}

impl<'b> Parts<'b> {
    fn rest(&self) -> &'b [u8] {
        self.body.get(self.position..).unwrap_or_default()
    }

    fn syntax(&self, expected: &'static str) -> Fault {
        Fault::Syntax { position: self.position, expected }
    }

    /// Goes behind the first delimiter, before which a preamble may stand.
    fn begin(&mut self) -> Result<(), Fault> {
        if self.rest().starts_with(self.delimiter.as_bytes()) {
            self.position = self.delimiter.len();
            return Ok(());
        }
        self.content().map(drop)
    }

    /// What stands before the next delimiter, behind which the position then is.
    fn content(&mut self) -> Result<&'b [u8], Fault> {
        let delimiter = format!("\r\n{}", self.delimiter);
        let length = memmem::find(self.rest(), delimiter.as_bytes())
            .ok_or_else(|| self.syntax("a part that ends with the boundary"))?;
        let content = &self.rest()[..length];
        self.position += length + delimiter.len();
        Ok(content)
    }

    /// The part behind the delimiter at hand; `None` if that is the last one.
    fn next(&mut self) -> Result<Option<Part<'b>>, Fault> {
        if self.rest().starts_with(b"--") {
            return Ok(None);
        }
        // Blanks may stand between a boundary and the end of its line.
        let blanks = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.position += blanks;
        if !self.rest().starts_with(b"\r\n") {
            return Err(self.syntax("a line break or '--' after the boundary"));
        }
        // The line break before the empty line belongs to the header, which may be empty itself.
        let header_start = self.position;
        let window = &self.rest()[..self.rest().len().min(HEADER_LENGTH_MAX)];
        let length = memmem::find(window, b"\r\n\r\n")
            .ok_or_else(|| self.syntax("a header of at most 4096 bytes and an empty line"))?;
        // The delimiter of an empty content begins with the second half of these four bytes.
        let content_start = header_start + length + b"\r\n\r\n".len();
        self.position = content_start - b"\r\n".len();
        let content = self.content()?;
        let content = content.get(b"\r\n".len()..).unwrap_or_default();
        let header = &window[..length];
        Ok(Some(Part { header, header_start, content, content_start }))
    }
}

impl<'b> Part<'b> {
    /// Name and value, if the part is a field.
    fn field(&self) -> Result<Option<Pair<'b>>, Fault> {
        let header = text(self.header, self.header_start)?;
        let Some(disposition) = header_value(header, "content-disposition") else {
            return Ok(None);
        };
        let is_file =
            ["filename", "filename*"].iter().any(|&n| parameter(disposition, n).is_some());
        let Some(name) = parameter(disposition, "name").filter(|_| !is_file) else {
            return Ok(None);
        };
        let encoding = header_value(header, "content-transfer-encoding").unwrap_or("binary");
        if !["7bit", "8bit", "binary"].iter().any(|plain| encoding.eq_ignore_ascii_case(plain)) {
            let expected = "a field without a transfer encoding";
            return Err(Fault::Syntax { position: self.header_start, expected });
        }
        Ok(Some((name, Cow::Borrowed(text(self.content, self.content_start)?))))
    }
}

fn text(bytes: &[u8], start: usize) -> Result<&str, Fault> {
    std::str::from_utf8(bytes)
        .map_err(|error| Fault::NotUtf8 { position: start + error.valid_up_to() })
}

/// The value of a header line; names are compared without regard to case.
fn header_value<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = header.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.find(|(found, _)| found.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// A parameter of a header: `name=value` or `name="value"`, after a semicolon.
fn parameter<'h>(header: &'h str, name: &str) -> Option<Cow<'h, str>> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (found, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = value.find(';').unwrap_or(value.len());
                (Cow::Borrowed(value[..end].trim()), &value[end..])
            }
        };
        if found.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after.split_once(';')?.1;
    }
}

/// The text up to the closing quote, and what follows that. Only a quote or backslash is escaped by
/// a backslash: old browsers send paths of Windows as they are.
fn unquoted(quoted: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut unescaped = String::new();
    let mut start = 0;
    let mut letters = quoted.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if start == 0 => return Some((quoted[..at].into(), &quoted[at + 1..])),
            '"' => {
                unescaped.push_str(&quoted[start..at]);
                return Some((unescaped.into(), &quoted[at + 1..]));
            }
            '\\' if letters.next_if(|(_, next)| matches!(next, '"' | '\\')).is_some() => {
                unescaped.push_str(&quoted[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{boundary, fields};
    use crate::{Fault, limits};

    fn read(body: &str) -> Result<Vec<(String, String)>, Fault> {
        let body = body.replace('\n', "\r\n");
        let found = fields("b", body.as_bytes())?;
        Ok(found.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// Proves that fields are read with their line breaks, and files passed over.
    #[test]
    fn fields_are_read_and_files_passed_over() {
        let body = "preamble\n--b\nContent-Disposition: form-data; name=\"A\"\n\nx\ny\n--b  \n\
            content-type: text/plain\nCONTENT-DISPOSITION: form-data; filename=\"f;\\\"\"; \
            name=F\n\n\u{1}\n--b\nContent-Disposition: form-data; name=\"q\\\"\\\\\\z\"\n\n\n\
            --b\n\nnameless\n--b\nContent-Disposition: form-data; name=C\n\n--\n--b--\nepilogue";
        let expected = [("A", "x\r\ny"), ("q\"\\\\z", ""), ("C", "--")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read(body), Ok(expected.to_vec()));
        assert_eq!(read("--b--"), Ok(vec![]));
    }

    /// Proves that what does not end, or would have to be decoded, is refused.
    #[test]
    fn broken_bodies_are_refused() {
        let part = "--b\nContent-Disposition: form-data; name=A\n\nx\n";
        for broken in ["", "x", part, "--b", "--bx\n\n\n--b--", "--b\nA: b\n--b--"] {
            assert!(matches!(read(broken), Err(Fault::Syntax { .. })), "{broken}");
        }
        let encoded = part.replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n") + "--b--";
        assert!(read(&encoded).is_err());
        assert!(read(&format!("--b\nA: {}\n\nx\n--b--", "x".repeat(5000))).is_err());
        assert_eq!(read(&(part.repeat(limits::MEMBERS_MAX) + "--b--")).map(|f| f.len()), Ok(1000));
        let many = part.repeat(limits::MEMBERS_MAX + 1) + "--b--";
        assert_eq!(read(&many), Err(Fault::TooManyMembers));
        let bytes = b"--b\r\nContent-Disposition: form-data; name=A\r\n\r\n\xff\r\n--b--";
        assert_eq!(fields("b", bytes), Err(Fault::NotUtf8 { position: 47 }));
    }

    /// Proves that the boundary is found with and without quotes, and is bounded.
    #[test]
    fn the_boundary_is_a_parameter() {
        let found = |header: &str| boundary(header).map(std::borrow::Cow::into_owned);
        assert_eq!(found("multipart/form-data; boundary=x-1").as_deref(), Some("x-1"));
        assert_eq!(found("a/b; c=d;Boundary=\"x; y\"").as_deref(), Some("x; y"));
        assert_eq!(found("multipart/form-data"), None);
        assert_eq!(found("a/b; boundary="), None);
        assert_eq!(found(&format!("a/b; boundary={}", "x".repeat(71))), None);
    }
}
