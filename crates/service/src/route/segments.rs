//! A request path, taken apart without copying it.

use std::borrow::Cow;

/// The segments of a path between its slashes, still percent-encoded. Empty ones are left out.
#[derive(Debug, Clone, Copy)]
pub struct Segments<'p> {
    parts: [&'p str; Segments::MAX],
    length: usize,
}

impl<'p> Segments<'p> {
    /// The most segments a path may have. A longer one matches no route.
    pub const MAX: usize = 24;

    /// Splits `path` at its slashes; `None` when there are more than [`Self::MAX`] segments.
    pub fn split(path: &'p str) -> Option<Self> {
        let mut segments = Self { parts: [""; Self::MAX], length: 0 };
        for part in path.split('/').filter(|part| !part.is_empty()) {
            segments.push(part)?;
        }
        Some(segments)
    }

    fn push(&mut self, part: &'p str) -> Option<()> {
        *self.parts.get_mut(self.length)? = part;
        self.length += 1;
        Some(())
    }

    /// The segments in order.
    pub fn as_slice(&self) -> &[&'p str] {
        &self.parts[..self.length]
    }

    /// The same path without its first segment, for what stands below a base path.
    pub fn without_first(&self) -> Self {
        let mut rest = *self;
        rest.parts.copy_within(1.., 0);
        rest.length = self.length.saturating_sub(1);
        rest
    }

    /// The same path with `replacement` as its last segment.
    pub fn with_last(&self, replacement: &'p str) -> Self {
        let mut changed = *self;
        if let Some(last) = changed.length.checked_sub(1) {
            changed.parts[last] = replacement;
        }
        changed
    }

    /// Takes apart at their dots the segments whose bit is set in `dotted`.
    pub(super) fn exploded(&self, dotted: u64) -> Option<Self> {
        let mut exploded = Self { parts: [""; Self::MAX], length: 0 };
        for (index, part) in self.as_slice().iter().enumerate() {
            if dotted & (1 << index) == 0 {
                exploded.push(part)?;
            } else {
                for piece in part.split('.') {
                    exploded.push(piece)?;
                }
            }
        }
        Some(exploded)
    }

    /// The text of `taken`, joined by slashes and percent-decoded.
    pub(super) fn decoded(taken: &[&'p str]) -> Cow<'p, str> {
        match taken {
            [single] => percent_decode(single),
            several => Cow::Owned(
                several.iter().map(|part| percent_decode(part)).collect::<Vec<_>>().join("/"),
            ),
        }
    }
}

/// Decodes `%XX`. A malformed escape stays as it is, bytes that are no UTF-8 become U+FFFD; a plus
/// sign is an ordinary character in a path.
fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex_value(*high), hex_value(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(first),
            },
            _ => bytes.push(first),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::{Segments, percent_decode};

    /// Proves that splitting is bounded and drops empty segments.
    #[test]
    fn splits_within_bounds() {
        assert_eq!(Segments::split("//a/b//").unwrap().as_slice(), ["a", "b"]);
        assert!(Segments::split(&"/x".repeat(Segments::MAX)).is_some());
        assert!(Segments::split(&"/x".repeat(Segments::MAX + 1)).is_none());
        assert_eq!(Segments::split("/a/b").unwrap().without_first().as_slice(), ["b"]);
        assert!(Segments::split("/").unwrap().without_first().as_slice().is_empty());
    }

    /// Proves that every escape, good or bad, decodes without loss of its neighbours.
    #[test]
    fn decodes_escapes() {
        for (encoded, expected) in [
            ("a+b", "a+b"),
            ("%41%4a", "AJ"),
            ("%4", "%4"),
            ("%zz%41", "%zzA"),
            ("%ff!", "\u{fffd}!"),
        ] {
            assert_eq!(percent_decode(encoded), expected);
        }
    }
}
