//! JSON as plain text: ends of strings and values, escapes, and rewriting without a type.

use crate::{Fault, jsv, limits};

/// Where the string whose content begins at `start` ends, and whether it has escapes.
#[inline]
pub(super) fn string_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut position = start;
    let mut has_escapes = false;
    loop {
        position += memchr::memchr2(b'"', b'\\', bytes.get(position..)?)?;
        if bytes[position] == b'"' {
            return Some((position, has_escapes));
        }
        has_escapes = true;
        position += 2;
    }
}

/// Where the list or record that begins at `start` ends, and whether it is closed. `depth` levels
/// are around it.
pub(super) fn composite_end(
    bytes: &[u8],
    start: usize,
    mut depth: usize,
) -> Result<(usize, bool), Fault> {
    let outside = depth;
    let mut position = start;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                let end = string_end(bytes, position + 1)
                    .ok_or(Fault::Syntax { position, expected: "a string that is closed" })?;
                position = end.0;
            }
            b'{' | b'[' if depth == limits::DEPTH_MAX => return Err(Fault::TooDeep { position }),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        position += 1;
        if depth == outside {
            return Ok((position, true));
        }
    }
    Ok((bytes.len(), false))
}

/// Appends `content` with its escapes resolved. Half a surrogate pair becomes U+FFFD; an unknown
/// escape stands for its letter. Fails with the offset of a `\u` that lacks its digits.
pub(super) fn unescape(content: &str, out: &mut String) -> Result<(), usize> {
    let mut rest = content;
    while let Some(backslash) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at(backslash);
        out.push_str(plain);
        let mut letters = escape[1..].chars();
        let letter = letters.next().unwrap_or('\\');
        rest = letters.as_str();
        match letter {
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let at = content.len() - rest.len();
                let (unit, after) = utf16_unit(rest).ok_or(at)?;
                let (letter, after) = combine(unit, after);
                out.push(letter);
                rest = after;
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    Ok(())
}

/// Four hex digits and what follows them.
fn utf16_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((unit, rest))
}

/// The letter of a UTF-16 unit, together with the escape that follows if they are a pair.
fn combine(unit: u16, rest: &str) -> (char, &str) {
    let low = rest.strip_prefix("\\u").and_then(utf16_unit);
    if let Some((low, after)) = low
        && let Some(Ok(letter)) = char::decode_utf16([unit, low]).next()
        && letter.len_utf16() == 2
    {
        return (letter, after);
    }
    (char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER), rest)
}

/// A list or object as a text member receives it: the strings in it quoted as JSV does
/// (`{"x":1}` → `{x:1}`), everything else as it was sent.
pub(super) fn to_jsv(composite: &str) -> String {
    let bytes = composite.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let (mut position, mut text) = (0, String::new());
    while let Some(offset) = bytes.get(position..).and_then(|rest| memchr::memchr(b'"', rest)) {
        let start = position + offset + 1;
        let Some((end, _)) = string_end(bytes, start) else { break };
        out.extend_from_slice(&bytes[position..start - 1]);
        text.clear();
        if unescape(&composite[start..end], &mut text).is_err() {
            text.push_str(&composite[start..end]);
        }
        jsv::write_text(&mut out, &text);
        position = end + 1;
    }
    out.extend_from_slice(bytes.get(position..).unwrap_or_default());
    String::from_utf8_lossy(&out).into_owned()
}

/// The raw texts of the items of a top-level list, as batches need them (`servicestack.md` §5.6).
///
/// # Errors
/// If the document is not a closed list, or holds more than [`limits::LIST_LENGTH_MAX`] items.
pub fn split_list(bytes: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let document = crate::source::document_text(bytes)?.trim_ascii().as_bytes();
    let syntax = |position| Fault::Syntax { position, expected: "a list of objects" };
    if !document.starts_with(b"[") {
        return Err(syntax(0));
    }
    let (mut items, mut position, mut after_item) = (Vec::new(), 1, false);
    loop {
        match document.get(position) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => position += 1,
            Some(b',') if after_item => {
                after_item = false;
                position += 1;
            }
            Some(b'{' | b'[') if !after_item => {
                let (end, _) = composite_end(document, position, 1)?;
                if items.len() == limits::LIST_LENGTH_MAX {
                    return Err(Fault::TooManyItems);
                }
                items.push(&document[position..end]);
                position = end;
                after_item = true;
            }
            Some(b']') if position + 1 == document.len() => return Ok(items),
            _ => return Err(syntax(position)),
        }
    }
}

/// Blanks of one level of an indented document.
const INDENT: &[u8] = b"    ";

/// Appends a compact document with line breaks, four blanks a level.
pub fn indent(compact: &[u8], out: &mut Vec<u8>) {
    let (mut depth, mut position) = (0_usize, 0);
    let new_line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        (0..depth).for_each(|_| out.extend_from_slice(INDENT));
    };
    while let Some(&byte) = compact.get(position) {
        match byte {
            b'"' => {
                let end = string_end(compact, position + 1).map_or(compact.len() - 1, |end| end.0);
                out.extend_from_slice(&compact[position..end]);
                position = end;
                out.push(compact[end]);
            }
            b'{' | b'[' if matches!(compact.get(position + 1), Some(b'}' | b']')) => {
                out.extend_from_slice(&compact[position..=position + 1]);
                position += 1;
            }
            b'{' | b'[' => {
                depth += 1;
                out.push(byte);
                new_line(out, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                new_line(out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => out.push(byte),
        }
        position += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Escapes are resolved, whatever a client makes of surrogates.
    #[test]
    fn escapes() {
        for (content, expected) in [
            ("x\\u00e9\\n", "xé\n"),
            ("\\ud83d\\ude00", "😀"),
            ("\\ud83d", "\u{fffd}"),
            ("\\ude00\\ud83d", "\u{fffd}\u{fffd}"),
            ("\\ud83d\\u0041", "\u{fffd}A"),
            ("\\/Date(1)\\/", "/Date(1)/"),
            ("\\q\\\"\\\\", "q\"\\"),
        ] {
            let mut out = String::new();
            assert_eq!(unescape(content, &mut out), Ok(()));
            assert_eq!(out, expected);
        }
        assert_eq!(unescape("a\\u12", &mut String::new()), Err(3));
        assert_eq!(unescape("\\u+123", &mut String::new()), Err(2));
    }

    /// A text member gets an object in JSV form, without changing what the object says.
    #[test]
    fn objects_as_text() {
        for (json, jsv) in [
            (r#"{"x":1}"#, "{x:1}"),
            (r#"[1, "a,b", ""]"#, r#"[1, "a,b", ""]"#),
            (r#"{"k":"say \"hi\""}"#, r#"{k:"say ""hi"""}"#),
            (r#"{"x"#, r#"{"x"#),
        ] {
            assert_eq!(to_jsv(json), jsv);
        }
    }

    /// A batch is divided into its items, and anything else is refused.
    #[test]
    fn batches() {
        let items = split_list(b" [ {\"a\":[1]} ,{}, ] ");
        assert_eq!(items, Ok(vec![&b"{\"a\":[1]}"[..], b"{}"]));
        assert_eq!(split_list(b"[]"), Ok(vec![]));
        for wrong in ["{}", "[1]", "[{}{}]", "[{}", "[,]", "[]x", ""] {
            assert!(split_list(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    /// Line breaks are put between members and never into texts.
    #[test]
    fn indented() {
        let mut out = Vec::new();
        indent(br#"{"a":[1,{}],"b":"x,{y}","c":[]}"#, &mut out);
        let list = "[\n        1,\n        {}\n    ]";
        let members = format!("\"a\": {list},\n    \"b\": \"x,{{y}}\",\n    \"c\": []");
        let expected = format!("{{\n    {members}\n}}");
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
