//! Letters as the standard fonts know them: Windows-1252, which has all of Icelandic.

/// A thousandth of the font's size.
type Width = u32;

/// What stands for a letter that the fonts do not have.
const UNKNOWN: u8 = b'?';

/// The letters of 0x80 to 0x9f; a blank where there is none.
const SPECIAL: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// The letters of U+0100 to U+017F without their marks, as people write them who lack the keys.
const WITHOUT_MARKS: &[u8; 128] =
    b"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL\
      lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

/// The text in the fonts' encoding. A letter they lack loses its marks (`ł` becomes `l`) or is
/// shown as a question mark; the code, which decides at the gate, holds no names.
pub(super) fn encode(text: &str) -> Vec<u8> {
    text.chars().filter(|letter| !is_mark(*letter)).map(byte).collect()
}

/// Marks that are written apart from their letter.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn byte(letter: char) -> u8 {
    match (letter, u8::try_from(letter)) {
        (' '..='~' | '\u{a0}'..='\u{ff}', Ok(byte)) => byte,
        _ => special(letter).or_else(|| without_mark(letter)).unwrap_or(UNKNOWN),
    }
}

fn special(letter: char) -> Option<u8> {
    let place = SPECIAL.chars().position(|known| known == letter && known != ' ')?;
    u8::try_from(place).ok().and_then(|place| place.checked_add(0x80))
}

fn without_mark(letter: char) -> Option<u8> {
    let place = u32::from(letter).checked_sub(0x100)?;
    WITHOUT_MARKS.get(usize::try_from(place).ok()?).copied()
}

/// Widths of Helvetica from the blank to the tilde (Adobe's metrics of the standard fonts).
const ASCII_WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// What a letter outside of ASCII is taken to need: the widest common one (`Æ`, `—` and `…` fill a
/// full square), so that a line may break early but never runs out of its page.
const OTHER_CAPITAL_WIDTH: Width = 778;
const OTHER_SMALL_WIDTH: Width = 611;
const SQUARE_WIDTH: Width = 1000;

fn width_of(byte: u8) -> Width {
    let ascii = byte.checked_sub(b' ').and_then(|place| ASCII_WIDTHS.get(usize::from(place)));
    match (ascii, byte) {
        (Some(width), _) => Width::from(*width),
        (None, 0x80..=0x9f | 0xc6 | 0xe6) => SQUARE_WIDTH,
        (None, 0xe0..=0xff) => OTHER_SMALL_WIDTH,
        (None, _) => OTHER_CAPITAL_WIDTH,
    }
}

/// Bold letters are wider by a quarter at most (`i` and `l`).
fn width(text: &[u8], is_bold: bool) -> Width {
    let width: Width = text.iter().map(|byte| width_of(*byte)).sum();
    if is_bold { width + width / 8 } else { width }
}

/// Breaks a text into at most `lines_max` lines that are `width_max` thousandths of the font's
/// size wide; what does not fit ends with an ellipsis.
pub(super) fn lines(text: &str, is_bold: bool, width_max: Width, lines_max: usize) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for word in encode(text).split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        for piece in pieces(word, is_bold, width_max) {
            append(&mut lines, piece, is_bold, width_max);
        }
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            shorten(last, is_bold, width_max);
        }
    }
    lines
}

/// A word that fills more than a line is broken anywhere.
fn pieces(word: &[u8], is_bold: bool, width_max: Width) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for end in 1..=word.len() {
        if end > start + 1 && width(&word[start..end], is_bold) > width_max {
            pieces.push(&word[start..end - 1]);
            start = end - 1;
        }
    }
    pieces.push(&word[start..]);
    pieces
}

fn append(lines: &mut Vec<Vec<u8>>, piece: &[u8], is_bold: bool, width_max: Width) {
    if let Some(line) = lines.last_mut() {
        let longer = [line.as_slice(), b" ", piece].concat();
        if width(&longer, is_bold) <= width_max {
            *line = longer;
            return;
        }
    }
    lines.push(piece.to_vec());
}

fn shorten(line: &mut Vec<u8>, is_bold: bool, width_max: Width) {
    const ELLIPSIS: u8 = 0x85;
    while !line.is_empty() && width(line, is_bold) + SQUARE_WIDTH > width_max {
        line.pop();
    }
    line.push(ELLIPSIS);
}

#[cfg(test)]
mod tests {
    use super::{encode, lines, width};

    /// Proves that Icelandic stays as it is, that marks the fonts lack go, and that nothing else
    /// breaks the text.
    #[test]
    fn letters_are_encoded() {
        assert_eq!(encode("þðæöÞÐÆÖáé"), b"\xfe\xf0\xe6\xf6\xde\xd0\xc6\xd6\xe1\xe9");
        assert_eq!(encode("Łódź Čapek Żółć"), b"L\xf3dz Capek Z\xf3lc");
        assert_eq!(encode("€–„x“ Šž"), b"\x80\x96\x84x\x93 \x8a\x9e");
        assert_eq!(encode("e\u{301}\u{2603}\n漢"), b"e???");
    }

    /// Proves that no line is too wide, none too many, and that what is cut says so.
    #[test]
    fn lines_fit() {
        for is_bold in [false, true] {
            for text in ["Þór – KR, undanúrslit í bikarnum", &"W".repeat(100), "a", ""] {
                let lines = lines(text, is_bold, 8_000, 2);
                assert!(lines.len() <= 2);
                assert!(lines.iter().all(|line| width(line, is_bold) <= 8_000), "{text}");
            }
        }
        assert_eq!(lines("one two", false, 2_000, 2), [b"one".to_vec(), b"two".to_vec()]);
        assert_eq!(lines("one two three", false, 2_000, 1), [b"o\x85".to_vec()]);
    }
}
