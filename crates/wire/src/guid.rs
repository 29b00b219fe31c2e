//! GUIDs: written as 32 hex digits, read with or without dashes and braces.

use std::fmt;

/// A 128-bit identifier in the byte order of its text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(pub [u8; 16]);

const HEX: &[u8; 16] = b"0123456789abcdef";
/// Where the dashes of the long form stand.
const DASHES: [usize; 4] = [8, 13, 18, 23];

impl Guid {
    /// Reads `a0eebc99…` as 32 hex digits, with dashes, or with dashes inside `{}` or `()`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = match text.as_bytes() {
            [b'{', inner @ .., b'}'] | [b'(', inner @ .., b')'] => inner,
            bytes => bytes,
        };
        match bytes.len() {
            32 => Self::from_digits(bytes.iter().copied()),
            36 if DASHES.iter().all(|&dash| bytes[dash] == b'-') => {
                Self::from_digits(bytes.iter().copied().filter(|&byte| byte != b'-'))
            }
            _ => None,
        }
    }

    fn from_digits(mut digits: impl Iterator<Item = u8>) -> Option<Self> {
        let mut guid = [0; 16];
        for byte in &mut guid {
            *byte = hex_value(digits.next()?)? << 4 | hex_value(digits.next()?)?;
        }
        digits.next().is_none().then_some(Self(guid))
    }

    /// The 32 lower-case digits of the `N` form.
    #[must_use]
    pub fn digits(self) -> [u8; 32] {
        let mut out = [0; 32];
        for (pair, byte) in out.chunks_exact_mut(2).zip(self.0) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        out
    }
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().iter().try_for_each(|&digit| fmt::Write::write_char(out, char::from(digit)))
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Guid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "a0eebc999c0b4ef8bb6d6bb9bd380a11";

    /// Every spelling gives the same GUID, written as 32 digits.
    #[test]
    fn spellings_are_read() {
        for text in [
            DIGITS,
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}",
            "(a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11)",
        ] {
            assert_eq!(Guid::parse(text).map(|guid| guid.to_string()).as_deref(), Some(DIGITS));
        }
    }

    /// Anything else is refused.
    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "a0ee",
            "g0eebc999c0b4ef8bb6d6bb9bd380a11",
            &format!("{DIGITS}0"),
            "a0eebc99-9c0b-4ef8-bb6d6-bb9bd380a11",
            "éééééééééééééééé",
        ] {
            assert_eq!(Guid::parse(text), None, "{text}");
        }
    }
}
