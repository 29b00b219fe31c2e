//! Percent-encoding of query strings and forms.

use crate::{Fault, limits};
use std::borrow::Cow;

/// One decoded parameter: name and value.
pub type Pair<'t> = (Cow<'t, str>, Cow<'t, str>);

/// The decoded pairs of a query string or form, in order. A `+` is a blank; a `%` without two hex
/// digits stands for itself; a parameter without `=` has an empty value.
///
/// # Errors
/// If there are more than [`limits::MEMBERS_MAX`] pairs, the whole is longer than
/// [`limits::BODY_LENGTH_MAX`], or a decoded part is not UTF-8.
pub fn pairs(text: &[u8]) -> Result<Vec<Pair<'_>>, Fault> {
    if text.len() > limits::BODY_LENGTH_MAX {
        return Err(Fault::TooLong { length: text.len() });
    }
    let mut found = Vec::new();
    for (start, part) in parts(text) {
        if found.len() == limits::MEMBERS_MAX {
            return Err(Fault::TooManyMembers);
        }
        let (name, value) = match memchr::memchr(b'=', part) {
            Some(at) => (&part[..at], &part[at + 1..]),
            None => (part, &b""[..]),
        };
        found.push((decode(name, start)?, decode(value, start)?));
    }
    Ok(found)
}

/// The parts between `&` that are not empty, and where each begins.
fn parts(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut next = 0;
    text.split(|&byte| byte == b'&')
        .map(move |part| {
            let start = next;
            next += part.len() + 1;
            (start, part)
        })
        .filter(|(_, part)| !part.is_empty())
}

fn decode(text: &[u8], start: usize) -> Result<Cow<'_, str>, Fault> {
    let not_utf8 = |_| Fault::NotUtf8 { position: start };
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(text).map(Cow::Borrowed).map_err(not_utf8);
    }
    let (mut out, mut position) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.get(position) {
        let encoded = text.get(position + 1..position + 3).filter(|_| byte == b'%');
        position += 1;
        match encoded.and_then(hex_byte) {
            Some(decoded) => {
                out.push(decoded);
                position += 2;
            }
            None => out.push(if byte == b'+' { b' ' } else { byte }),
        }
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|error| not_utf8(error.utf8_error()))
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(*digits.first()?)? << 4 | digit(*digits.get(1)?)?)
}

/// Appends bytes as the original's clients encode them: letters, digits and `,-.` as they are, a
/// blank as `+`, everything else in lower-case hex.
pub(super) fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for &byte in bytes {
        match byte {
            b',' | b'-' | b'.' => out.push(byte),
            b' ' => out.push(b'+'),
            _ if byte.is_ascii_alphanumeric() => out.push(byte),
            _ => {
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                out.push(b'%');
                out.extend_from_slice(&digits);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = pairs(text.as_bytes()).unwrap();
        let found: Vec<_> = found.iter().map(|(n, v)| (n.as_ref(), v.as_ref())).collect();
        assert_eq!(found, expected, "{text}");
    }

    /// Both letter cases of hex, blanks and odd percent signs are decoded as browsers send them.
    #[test]
    fn pairs_are_decoded() {
        check("A=x+y&B=1", &[("A", "x y"), ("B", "1")]);
        check("a%5B%5d=%2c&&c", &[("a[]", ","), ("c", "")]);
        check("A=50%&B=%zz%4", &[("A", "50%"), ("B", "%zz%4")]);
        check("A=1=2", &[("A", "1=2")]);
        check("", &[]);
    }

    /// What is no text, or too much, is refused.
    #[test]
    fn limits_hold() {
        assert_eq!(pairs(b"A=1&B=%ff"), Err(Fault::NotUtf8 { position: 4 }));
        let many = "a&".repeat(limits::MEMBERS_MAX + 1);
        assert_eq!(pairs(many.as_bytes()), Err(Fault::TooManyMembers));
    }
}
