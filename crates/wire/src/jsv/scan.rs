//! JSV as plain text: where quoted texts and whole values end.

use crate::{Fault, limits};

/// The position after the closing quote of the text that begins at `start`, and whether it holds
/// doubled quotes.
pub(crate) fn quoted_end(bytes: &[u8], start: usize) -> Result<(usize, bool), Fault> {
    let unclosed = Fault::Syntax { position: start, expected: "a quoted text that is closed" };
    let (mut position, mut has_doubled) = (start + 1, false);
    loop {
        let rest = bytes.get(position..).unwrap_or_default();
        position += memchr::memchr(b'"', rest).ok_or(unclosed.clone())? + 1;
        if bytes.get(position) != Some(&b'"') {
            return Ok((position, has_doubled));
        }
        has_doubled = true;
        position += 1;
    }
}

/// One open bracket in a [`composite_end`] scan per bit: set is a list.
struct Brackets {
    lists: u64,
    depth: usize,
}

impl Brackets {
    fn push(&mut self, is_list: bool) {
        self.lists = self.lists << 1 | u64::from(is_list);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.lists >>= 1;
        self.depth -= 1;
    }

    fn closing(&self) -> u8 {
        if self.lists & 1 == 1 { b']' } else { b'}' }
    }
}

/// Where the list or record that begins at `start` ends, and whether it is closed.
///
/// Quotes and opening brackets count only where a value or key begins; further in they are ordinary
/// (`servicestack.md` §2.3).
pub(super) fn composite_end(bytes: &[u8], start: usize) -> Result<(usize, bool), Fault> {
    const _: () = assert!(limits::DEPTH_MAX <= u64::BITS as usize);
    let mut brackets = Brackets { lists: 0, depth: 0 };
    let (mut position, mut at_start, mut in_key) = (start, true, false);
    while let Some(&byte) = bytes.get(position) {
        position += 1;
        match byte {
            b'{' | b'[' if at_start => {
                if brackets.depth == limits::DEPTH_MAX {
                    return Err(Fault::TooDeep { position });
                }
                brackets.push(byte == b'[');
                in_key = byte == b'{';
            }
            b'"' if at_start => {
                position = quoted_end(bytes, position - 1)?.0;
                at_start = false;
            }
            b',' => (at_start, in_key) = (true, brackets.closing() == b'}'),
            b':' if in_key => (at_start, in_key) = (true, false),
            b' ' | b'\t' | b'\r' | b'\n' if at_start => {}
            _ if byte == brackets.closing() => {
                brackets.pop();
                at_start = false;
                if brackets.depth == 0 {
                    return Ok((position, true));
                }
            }
            _ => at_start = false,
        }
    }
    Ok((bytes.len(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value ends where its own bracket closes, whatever its texts hold.
    #[test]
    fn values_end_at_their_bracket() {
        for (text, value) in [
            ("{a:1}x", "{a:1}"),
            ("[a,\"]\",b],c", "[a,\"]\",b]"),
            ("{a:b[c}]", "{a:b[c}"),
            ("{a:it\"s},", "{a:it\"s}"),
            ("{a:12:\"30}", "{a:12:\"30}"),
            ("{\n\ta: \n\t[\n\t\t{}\n\t]\n}", "{\n\ta: \n\t[\n\t\t{}\n\t]\n}"),
            ("[[1],[2]]]", "[[1],[2]]"),
        ] {
            assert_eq!(composite_end(text.as_bytes(), 0), Ok((value.len(), true)), "{text}");
        }
        assert_eq!(composite_end(b"{a:[b", 0), Ok((5, false)));
    }

    /// Depth is bounded, and an open quote is an error.
    #[test]
    fn scans_are_bounded() {
        let deep = "[".repeat(limits::DEPTH_MAX + 1);
        assert!(matches!(composite_end(deep.as_bytes(), 0), Err(Fault::TooDeep { .. })));
        assert!(matches!(composite_end(b"{a:\"b}", 0), Err(Fault::Syntax { .. })));
    }
}
